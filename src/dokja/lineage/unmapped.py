"""Why tensors that no table gives a role carry no evidence, by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping

_GAIN = (
    r"(?:.*\.)?(?:\w*(?:norm|layernorm_before|layernorm_after)|LayerNorm"
    r"|layer_norm\d|pre_layrnorm|ln_\w+)\.weight"
)
_READ_OUT = (
    r"(?:.*\.)?(?:pooler|classifier)\..*|cls\.predictions\.transform\..*"
    r"|(?:text|visual)_projection\.weight"
)
_GAINS = "norm gains start at one in every model and stay alike"
_GEMMA_GAINS = "norm gains, stored less one, start at zero and stay alike"
_DETERMINISTIC = (
    (_GAIN, _GAINS),
    (r"(?:.*\.)?bias", "biases start at zero in every model"),
    (
        r"(?:.*\.)?(?:cls_token|mask_token|distillation_token|class_embedding)",
        "a single vector, which many libraries start at zero",
    ),
    (
        r"(?:.*\.)?(?:inv_freq|position_ids|masked_bias|logit_scale|logit_bias)",
        "a table that the architecture fixes",
    ),
    (_READ_OUT, "a read-out that is not part of the body"),
)
ROUTER = "the router of a mixture, whose few rows carry no evidence alone"
_UNKNOWN = (
    (r".*sinks(?:\.weight)?", "one number for each head"),
    (
        r".*\.nextn\..*",
        "belongs to the prediction of further tokens, which is no part of the body",
    ),
    (
        r".*e_score_correction_bias",
        "what balances the experts of a router, which starts at zero",
    ),
    (
        r".*\.(?:experts|shared_experts?)\..*",
        "of an expert of a mixture, under a name that no table knows",
    ),
)
"""Tensors of known purpose and of no canonical role."""


def deterministic(name: str) -> str | None:
    """Why a tensor of this name is alike in every model, None where it is not."""
    for pattern, reason in _DETERMINISTIC:
        if re.fullmatch(pattern, name):
            return reason
    return None


def reason_without_role(name: str, config: Mapping[str, object]) -> str:
    """Why a name has no canonical role, as far as its spelling says."""
    reason = deterministic(name)
    if reason == _GAINS and str(config.get("model_type", "")).startswith("gemma"):
        return _GEMMA_GAINS
    if reason is None:
        reason = next((r for p, r in _UNKNOWN if re.fullmatch(p, name)), None)
    return reason or "no canonical role for this name"
