"""Answers to echoing completion requests by a real model, as vLLM gives them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from tests.contract.chat_server import MODEL, Reaction, Request


def echoes(folder: Path) -> Reaction:
    """The model of a folder behind `/v1/completions`."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(folder)

    def react(request: Request) -> None:
        tokens = tokenizer(request.body["prompt"])["input_ids"]
        with torch.no_grad():
            logits = model(torch.tensor([tokens])).logits[0]
        told = torch.log_softmax(logits, dim=-1)
        worth = [float(told[n - 1, t]) for n, t in enumerate(tokens) if n]
        drawn = float(told[-1].max())
        choice: dict[str, Any] = {"text": "", "finish_reason": "length"}
        if request.body.get("echo"):
            choice["logprobs"] = {"token_logprobs": [None, *worth, drawn]}
        usage = {"prompt_tokens": len(tokens), "completion_tokens": 1}
        body = {"model": MODEL, "choices": [choice], "usage": usage}
        request.send(json.dumps(body).encode())

    return react


def tells(values: list[Any]) -> Reaction:
    """A server with one token a letter that tells these of each echoed prompt."""

    def react(request: Request) -> None:
        letters = len(request.body["prompt"])
        told = ([None] + [-1.0] * letters)[: letters - len(values)] + values
        choice = {"logprobs": {"token_logprobs": [*told, -1.0]}}
        body = {"choices": [choice], "usage": {"prompt_tokens": letters}}
        request.send(json.dumps(body).encode())

    return react
