"""Quiet, exact frameworks on the processor. Import this before any of them."""

import os

os.environ |= {
    "CUDA_VISIBLE_DEVICES": "",
    "JAX_ENABLE_X64": "1",
    "JAX_PLATFORMS": "cpu",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",  # the same digits on every machine
}
