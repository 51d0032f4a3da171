"""What stands around a page: the two lists, the switch from light to dark, search, copy buttons."""

CHAPTER = "chapters/information/entropy.html"


def test_the_list_of_sections_follows_the_reader(visit):
    tab = visit(CHAPTER)
    tab.locator("section#bits-or-nats > h2").evaluate("heading => heading.scrollIntoView()")
    here = tab.locator(".bd-toc-nav a[aria-current]")
    here.wait_for()
    tab.wait_for_function(
        "document.querySelector('.bd-toc-nav a[aria-current]').hash === '#bits-or-nats'"
    )
    assert "active" in here.get_attribute("class")


def test_light_and_dark_are_switched_and_remembered(browser, site):
    context = browser.new_context(color_scheme="light")
    tab = context.new_page()
    tab.goto(f"{site}/{CHAPTER}")
    html = tab.locator("html")
    assert html.get_attribute("data-theme") == "light"
    seen = set()
    for _ in range(3):
        tab.locator("button.theme-switch-button").click()
        seen.add((html.get_attribute("data-mode"), html.get_attribute("data-theme")))
    assert seen == {("auto", "light"), ("light", "light"), ("dark", "dark")}
    while html.get_attribute("data-mode") != "dark":
        tab.locator("button.theme-switch-button").click()
    tab.goto(f"{site}/index.html")
    assert html.get_attribute("data-theme") == "dark"
    context.close()


def test_a_dark_system_gets_dark_pages_before_any_script_file(browser, site):
    context = browser.new_context(color_scheme="dark")
    tab = context.new_page()
    tab.route("**/*.js*", lambda route: route.abort())
    tab.goto(f"{site}/{CHAPTER}")
    assert tab.locator("html").get_attribute("data-theme") == "dark"
    context.close()


def test_both_lists_open_and_close_by_keyboard_on_a_phone(visit):
    tab = visit(CHAPTER, width=390)
    for button, sidebar in (
        ("Chapters", ".bd-sidebar-primary"),
        ("Sections of this page", ".bd-sidebar-secondary"),
    ):
        toggle = tab.get_by_role("button", name=button).first
        toggle.focus()
        tab.keyboard.press("Enter")
        inside = tab.locator(f"{sidebar} a").first
        tab.wait_for_function(
            "list => list.contains(document.activeElement)", arg=tab.query_selector(sidebar)
        )
        assert inside.is_visible()
        tab.keyboard.press("Escape")
        assert toggle.evaluate("one => one === document.activeElement")


def test_search_opens_by_shortcut_and_finds(visit):
    tab = visit(CHAPTER, width=390)
    tab.keyboard.press("Control+k")
    tab.keyboard.type("perplexity")
    tab.keyboard.press("Enter")
    tab.locator("#search-results a").first.wait_for()
    tab.wait_for_load_state("networkidle")  # it still reads the pages that it found


def test_code_is_copied_by_its_button(visit):
    tab = visit(CHAPTER)
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cell = tab.locator("div.cell_input").first
    cell.hover()
    cell.get_by_role("button").click()
    assert (
        tab.evaluate("navigator.clipboard.readText()") == cell.locator("pre").inner_text().strip()
    )


def test_every_section_has_a_link_to_itself_that_the_keyboard_reaches(visit):
    tab = visit(CHAPTER)
    link = tab.locator("section#bits-or-nats > h2 > a.headerlink")
    assert link.evaluate("one => getComputedStyle(one).opacity") == "0"
    link.focus()
    assert link.evaluate("one => getComputedStyle(one).opacity") == "1"
    assert link.get_attribute("href") == "#bits-or-nats"


def test_every_step_of_the_road_is_drawn_and_leads_to_its_chapter(visit):
    tab = visit("index.html")
    steps = tab.locator("ol.road > li")
    assert steps.count() == 10
    for step in steps.all():
        assert step.locator("svg :is(path, rect)").count() > 0
        assert step.locator("a").first.get_attribute("href").startswith("chapters/")
    steps.nth(3).locator("svg").click(force=True)  # all of a step is its link
    tab.wait_for_url("**/chapters/information/codes.html")
