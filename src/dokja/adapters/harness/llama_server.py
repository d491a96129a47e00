"""Serves one GGUF file with llama.cpp on this machine until it is let go.

Run as a script of its own, so that a crash of it is not ours. It reads its
orders as one line of JSON, writes the address it serves at as another, and ends
when its input is closed. It imports nothing of Dokja: whatever else stands in
this folder under a library's name would be in its way.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def serve(orders: dict[str, Any]) -> Any:
    """The running server; it takes one question at a time and keeps no answers."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = orders["model"]
    params.model_alias = {orders["alias"]}
    params.n_ctx = orders["context"]
    params.cpuparams.n_threads = orders["threads"]
    params.cpuparams_batch.n_threads = orders["threads"]
    params.api_keys = [orders["key"]]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_parallel = 1
    params.n_gpu_layers = 0
    params.cache_ram_mib = 0
    params.cache_idle_slots = False
    kinds = xllamacpp.llama_flash_attn_type
    params.flash_attn_type = kinds.LLAMA_FLASH_ATTN_TYPE_DISABLED
    for closed in ("warmup", "fit_params", "ui", "endpoint_slots", "ctx_shift"):
        setattr(params, closed, False)
    # Half-precision keys move log-likelihoods by a hundredth; full ones do not.
    params.cache_type_k = xllamacpp.ggml_type.GGML_TYPE_F32
    params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
    params.offline = True
    return xllamacpp.Server(params)


def main() -> None:
    """Nothing; serves until the input is closed."""
    server = serve(json.loads(sys.stdin.readline()))
    sys.stdout.write(json.dumps({"address": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
