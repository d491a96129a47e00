"""The 29 questions of the dossier, edition 2026-11."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text
from dokja.independence.items.values import DossierItem, EvidenceKind

_SEAL = EvidenceKind.SEAL
_LINEAGE = EvidenceKind.LINEAGE_REPORT
_RECORD = EvidenceKind.TRAINING_RECORD
_LICENCES = EvidenceKind.LICENCE_REPORT
_DATA = EvidenceKind.DATA_MANIFEST
_ANSWER = EvidenceKind.TEAM_ANSWER


def _item(
    name: str, ko: str, en: str, *looks_at: EvidenceKind, shows: bool = False
) -> DossierItem:
    return DossierItem(
        id=name,
        question=Text(ko=ko, en=en),
        looks_at=looks_at,
        is_shown_by_failure=shows,
    )


_TECHNICAL = (
    _item(
        "tech-01",
        "모든 구성요소의 가중치를 초기화하고 그 상태에서 학습을 시작하였는가",
        "Were the weights of every component initialised, and training begun there?",
        _RECORD,
    ),
    _item(
        "tech-02",
        "봉인한 가중치가 기록된 체크포인트에서 이어졌는가",
        "Do the sealed weights follow from the recorded checkpoints?",
        _RECORD,
    ),
    _item(
        "tech-03",
        "기록된 단계마다 가중치가 학습률이 허용하는 만큼만 움직였고, 구간 재현이 "
        "일치하는가",
        "Did weights move no further than their steps allow, and do replayed segments "
        "agree?",
        _RECORD,
    ),
    _item(
        "tech-04",
        "다른 모델의 가중치를 물려받은 구성요소가 없는가",
        "Does no component hold another model's weights?",
        _LINEAGE,
        _SEAL,
        shows=True,
    ),
    _item(
        "tech-05",
        "구성요소별로 구조의 출처(자체 설계, 공개 논문, 코드 재사용)를 밝혔는가",
        "Is it said of every component where its architecture comes from?",
        _ANSWER,
        _SEAL,
    ),
    _item(
        "tech-06",
        "알려진 모델 계열과 구조·규모가 어떻게 다른지 밝혔는가",
        "Is it said how shape and size differ from known families?",
        _ANSWER,
    ),
    _item(
        "tech-07",
        "학습 코드가 알려진 저장소와 얼마나 유사한지 확인하였는가",
        "Was the training code compared with known repositories?",
        _RECORD,
        _ANSWER,
    ),
    _item(
        "tech-08",
        "자료 목록이 학습한 토큰 전부를 설명하는가",
        "Does the data manifest account for every token trained on?",
        _RECORD,
        _DATA,
    ),
    _item(
        "tech-09",
        "자료 종류별 토큰 비중을 모두 알 수 있는가",
        "Is the share of tokens known for every class of data?",
        _DATA,
    ),
    _item(
        "tech-10",
        "합성 자료를 만든 도구를 밝혔고 그 조건이 학습을 허용하는가",
        "Is the generator of synthetic data named, and do its terms allow training?",
        _DATA,
        _ANSWER,
    ),
    _item(
        "tech-11",
        "토크나이저를 직접 학습하였는가, 재사용하였다면 출처를 밝혔는가",
        "Was the tokenizer trained by the team or, if reused, declared?",
        _ANSWER,
    ),
    _item(
        "tech-12",
        "학습 코드와 최적화 방법, 학습률 일정을 밝혔는가",
        "Are training code, optimizer and schedule named?",
        _RECORD,
        _ANSWER,
    ),
    _item(
        "tech-13",
        "학습 단계마다 기록된 실행이 있는가",
        "Has every phase of training a recorded run?",
        _RECORD,
        _ANSWER,
    ),
)
_POLICY = (
    _item(
        "policy-01",
        "물려받은 것 가운데 회수·이용 제한·이용자 수 제한 등이 붙은 것이 없는가",
        "Does nothing inherited come with revocation, limits of use or caps?",
        _LICENCES,
        _LINEAGE,
        shows=True,
    ),
    _item(
        "policy-02",
        "통신망 없이 모델을 불러와 사용할 수 있는가",
        "Does the model load and answer without a network?",
        _ANSWER,
    ),
    _item(
        "policy-03",
        "제출물에 불러올 때 실행되거나 내려받는 코드가 없는가",
        "Does the submission hold no code that loading it would run or fetch?",
        _SEAL,
        _ANSWER,
    ),
    _item(
        "policy-04",
        "추론에 필요한 소프트웨어를 모두 해시와 함께 보관하고 있는가",
        "Is all software that inference needs kept with its hashes?",
        _ANSWER,
    ),
    _item(
        "policy-05",
        "가중치와 자료를 국내 두 곳 이상에 보관하고 있는가",
        "Are weights and data held at two or more sites in the country?",
        _ANSWER,
    ),
    _item(
        "policy-06",
        "검증에 해외 서비스가 필요하지 않은가",
        "Does verification need no service abroad?",
        _ANSWER,
    ),
    _item(
        "policy-07",
        "수출 통제에 관한 확인을 제출하였는가",
        "Is there a statement on export control?",
        _ANSWER,
    ),
)
_ETHICAL = (
    _item(
        "ethic-01",
        "모델·구성요소·자료의 라이선스를 알려진 이름으로 신고하였는가",
        "Are the licences of model, components and data declared by known names?",
        _LICENCES,
        _DATA,
    ),
    _item(
        "ethic-02",
        "물려받은 것을 신고한 라이선스로 공개할 수 있는가",
        "May what was inherited go out under the declared licence?",
        _LICENCES,
        _LINEAGE,
        shows=True,
    ),
    _item(
        "ethic-03",
        "물려받은 것의 출처를 밝히고 표시 의무를 지켰는가",
        "Is the origin of what was inherited disclosed, and are its notices there?",
        _LICENCES,
        _LINEAGE,
        shows=True,
    ),
    _item(
        "ethic-04",
        "공개한 것이 개방 모델의 어느 등급에 해당하는지 밝혔는가",
        "Is it said which class of open model the release amounts to?",
        _ANSWER,
    ),
    _item(
        "ethic-05",
        "학습 자료 요약을 작성할 수 있을 만큼 자료를 밝혔는가",
        "Is enough declared for the summary of training content?",
        _DATA,
    ),
    _item(
        "ethic-06",
        "범용 모델 기술 문서를 작성하였는가",
        "Is there technical documentation of the general-purpose model?",
        _ANSWER,
    ),
    _item(
        "ethic-07",
        "수집 거부 표시, 개인정보, 삭제 요청을 어떻게 처리하는지 밝혔는가",
        "Is it said how opt-outs, personal data and removals are handled?",
        _ANSWER,
    ),
    _item(
        "ethic-08",
        "평가 문항이 학습 자료에 섞였는지 확인하였는가",
        "Was it looked at whether test items are among the training data?",
        _ANSWER,
    ),
    _item(
        "ethic-09",
        "모델과 기록의 알려진 한계를 밝혔는가",
        "Are the known limits of model and record stated?",
        _RECORD,
        _ANSWER,
    ),
)
ITEMS: Mapping[str, DossierItem] = {
    item.id: item for item in (*_TECHNICAL, *_POLICY, *_ETHICAL)
}
