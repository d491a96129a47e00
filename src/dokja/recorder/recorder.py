"""`Recorder`: a context manager around a training loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, cast

from dokja.errors import Conflict
from dokja.evidence.canonical import digest_bytes, digest_of
from dokja.recorder import tensors as state_of
from dokja.recorder.descriptions import Announcement, bound_of, environment_of
from dokja.recorder.keeping import Keeper
from dokja.recorder.log_writer import LogWriter, Place, now_in_utc
from dokja.recorder.relay import WitnessRelay
from dokja.recorder.sketching import Sketcher
from dokja.training import values
from dokja.training.commitments import Excerpt, list_bytes, list_root
from dokja.training.statements import said_unverified
from dokja.training.tree_heads import checked_origin
from dokja.training.values import FORMAT, AnyEvent, DataShard, GapReason
from dokja.wiring.recording import open_materials, open_recording

CLOSE_SECONDS = 60.0

P = ParamSpec("P")


def _kept(
    method: Callable[Concatenate[Recorder, P], None],
) -> Callable[Concatenate[Recorder, P], None]:
    """The method, which counts what it could not record instead of raising."""

    @wraps(method)
    def attempt(self: Recorder, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            method(self, *args, **kwargs)
        except Exception:  # noqa: BLE001 - recording must not stop training
            self.log.lose()

    return cast("Callable[Concatenate[Recorder, P], None]", attempt)


class Recorder:
    """Records a run while it trains.

    Opening one raises where folder, key or witness cannot be used: training has
    not begun. From then on nothing raises; what could not be kept leaves a gap.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        team: str,
        run: str,
        key: str | Path,
        witness: str | None = None,
        announced: Announcement | None = None,
    ) -> None:
        """Opens the record in `folder`, or goes on with it after a restart.

        `key` is the PEM file of the team's private key, `witness` the address of
        the organiser's witness; without one the record stays at tier E1.

        Raises: Unavailable, InvalidInput or Conflict, as said above.
        """
        self._origin = checked_origin(team, run)
        self._team, self._run = team, run
        self._announced = announced or Announcement()
        self._out = open_recording(Path(folder), key=Path(key), witness=witness)
        self._relay: WitnessRelay | None = None
        self.log = LogWriter(
            self._out, self._origin, clock=now_in_utc, on_head=self._offer
        )
        self._keeper = Keeper(self._out.files)
        self._sketcher: Sketcher | None = None
        self._batches: list[Any] = []
        self._optimizer: Any = None
        self._step = self._tokens = 0
        self._open()

    def keep_materials(self, folder: str | Path) -> None:
        """Keep states and the order of the data in `folder`, for an auditor.

        Call it before `begin`, or `resume`. Raises: Unavailable where the folder
        cannot be written.
        """
        self._keeper.materials = open_materials(Path(folder))

    @_kept
    def begin(
        self,
        model: Any,
        optimizer: Any = None,
        *,
        recipe: str,
        seed: str = "",
        donors: Sequence[str] = (),
    ) -> None:
        """Record machine, optimizer and the weights before the first step."""
        self._watch(model, optimizer)
        self.log.put(environment_of(model, self._announced))
        if optimizer is not None:
            self.log.put(bound_of(model, optimizer))
        held = state_of.copied(state_of.parameters_of(model))

        def init(place: Place) -> AnyEvent:
            fields, _ = self._keeper.state(held, wanted=True)
            return values.Init(
                recipe=recipe, seed=seed, donors=tuple(donors), **fields, **place
            )

        self.log.put(init)

    @_kept
    def data(
        self, shards: Sequence[DataShard], *, sampler: str, seed: str = ""
    ) -> None:
        """Record what may be trained on and how batches are drawn from it."""
        found = tuple(shards)

        def data(place: Place) -> AnyEvent:
            raw = list_bytes(found)
            name = digest_bytes(raw)
            self._out.files.write_list(name, raw)
            return values.DataManifest(
                root=list_root(found),
                shards=name,
                count=len(found),
                tokens=sum(shard.tokens for shard in found),
                sampler=sampler,
                seed=seed,
                **place,
            )

        self.log.put(data)

    @_kept
    def tokenizer(
        self, digest: str, *, vocabulary: int, reused_from: str = "", licence: str = ""
    ) -> None:
        """Record the tokenizer: the team's own, or whose it is."""
        self.log.put(
            lambda place: values.Tokenizer(
                digest=digest,
                vocabulary=vocabulary,
                reused_from=reused_from,
                licence=licence,
                **place,
            )
        )

    @_kept
    def step(
        self,
        step: int,
        *,
        loss: Any,
        tokens: int | None = None,
        lr: float | None = None,
        batch: Iterable[Excerpt] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Record one optimizer step, right after it was taken.

        `tokens` counts all trained on so far, else those the model was given are
        counted. `lr` is what this step used, taken from the optimizer where it is
        left out: record before the scheduler moves on. `extra` may hold `grad_norm`
        and `skipped`. A loss on a GPU is read in the background.
        """
        more = extra or {}
        rate = self._largest_rate() if lr is None else lr
        kept = state_of.set_aside(loss), state_of.set_aside(more.get("grad_norm"))
        seen, self._batches = self._batches, []
        places = None if batch is None else tuple(batch)
        states = state_of.generator_states()
        skipped = bool(more.get("skipped", False))
        self._step = step
        self._tokens = total = self._tokens if tokens is None else tokens

        def make(place: Place) -> AnyEvent:
            return values.Step(
                step=step,
                tokens=total,
                loss=state_of.float_of(kept[0]).hex(),
                lr=float(rate).hex(),
                batch=self._keeper.batch(step, places, seen),
                rng=state_of.digest_of_states(states),
                grad_norm=None if kept[1] is None else state_of.float_of(kept[1]).hex(),
                skipped=skipped,
                **place,
            )

        self.log.put(make)
        if self._sketcher is not None and self._sketcher.is_due(step):
            root = (self._relay and self._relay.witnessed) or self.log.latest_root
            self.log.put(self._sketcher.take(step, root))

    @_kept
    def see(self, ids: Any) -> None:
        """Count the token ids of a batch for the next step, and set them aside.

        What `begin` does for each forward pass in training; for a model that takes
        its ids in another way than first or as `input_ids`.
        """
        self._batches.append(ids.detach().clone())
        self._tokens += ids.numel()

    @_kept
    def checkpoint(
        self, step: int, state: Mapping[str, Any], *, kept: bool = True
    ) -> None:
        """Record the state after a step; its tensors are hashed in the background.

        `state` is nested as it is saved: `{"model": …, "optimizer": …}`.
        """
        held = state_of.copied(state_of.named_tensors(state))
        parts = tuple(str(part) for part in state)

        def make(place: Place) -> AnyEvent:
            fields, is_kept = self._keeper.state(held, wanted=kept)
            return values.RecordedCheckpoint(
                step=step,
                parent=self.log.parent or "",
                state=parts,
                kept=is_kept,
                **fields,
                **place,
            )

        self.log.put(make)

    @_kept
    def resume(
        self,
        model: Any,
        optimizer: Any = None,
        *,
        step: int,
        state: Mapping[str, Any],
        reason: str = "",
    ) -> None:
        """Record that training goes on from the state loaded, by its digests."""
        self._watch(model, optimizer)
        self.log.put(environment_of(model, self._announced))
        self._step = step
        self._tokens = max(self._tokens, self.log.tokens)
        self._returned(values.Resume, step, state, reason)

    @_kept
    def rollback(self, step: int, state: Mapping[str, Any], *, reason: str) -> None:
        """Record that the steps after `step` were given up for the state loaded."""
        self._step = step
        if self._sketcher is not None:
            self._sketcher.forget()
        self._returned(values.Rollback, step, state, reason)

    def close(self, *, completed: bool) -> None:
        """Write what is queued, the end, and the last head."""
        step, tokens = self._step, self._tokens

        def end(place: Place) -> AnyEvent:
            return values.End(
                step=step,
                tokens=tokens,
                checkpoint=self.log.parent,
                completed=completed,
                **place,
            )

        if self._relay is not None:
            self._relay.stop_asking()
        if self.log.close(end, seconds=CLOSE_SECONDS):
            if self._relay is not None:
                self._relay.close(seconds=CLOSE_SECONDS)
            self._keeper.close()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(completed=kind is None)

    def _open(self) -> None:
        nonce = ""
        if self._out.witness is not None:
            self._relay = WitnessRelay(
                self._out.witness,
                self._out.files,
                origin=self._origin,
                tree=lambda: self.log.tree,
                on_challenge=self._answer,
            )
            if self.log.is_new:
                statement = self._out.witness.nonce(self._origin)
                self._out.files.write_statement("nonce", statement)
                nonce = said_unverified(statement, values.Nonce).value
        if self.log.is_new:
            self.log.put(self._start(nonce))
        else:
            self._refuse_other_run()
            self.log.put(_restarted)
        self.log.start()
        if self._relay is not None:
            self._relay.start()

    def _start(self, nonce: str) -> Callable[[Place], AnyEvent]:
        said = self._announced
        config = None if said.config is None else digest_of(said.config)
        return lambda place: values.Start(
            format=FORMAT,
            team=self._team,
            run=self._run,
            nonce=nonce,
            config=config,
            code=said.code,
            code_changed=said.code_changed,
            lock=said.lock,
            **place,
        )

    def _refuse_other_run(self) -> None:
        if self.log.origin_before != self._origin:
            raise Conflict(
                f"the folder holds the record of {self.log.origin_before}",
                remedy="name that team and run, or another folder",
            )

    def _offer(self, size: int, note: str) -> None:
        if self._relay is not None:
            self._relay.offer(size, note)

    def _answer(self, challenge: values.Challenge) -> None:
        def make(place: Place) -> AnyEvent:
            before = [r for seq, r in self.log.checkpoints if seq < challenge.entry]
            return values.ChallengeAnswer(
                challenge=challenge.id,
                checkpoint=before[-1] if before else None,
                **place,
            )

        self.log.put(make)

    def _watch(self, model: Any, optimizer: Any) -> None:
        self._optimizer = optimizer
        self._sketcher = Sketcher(model)
        if hasattr(model, "register_forward_pre_hook"):
            model.register_forward_pre_hook(self._see, with_kwargs=True)

    def _see(self, module: Any, args: tuple[Any, ...], kwargs: Any) -> None:
        """Sets the token ids of a forward pass in training aside, by reference."""
        try:
            ids = kwargs.get("input_ids", args[0] if args else None)
            if module.training and ids is not None and hasattr(ids, "detach"):
                self.see(ids)
        except Exception:  # noqa: BLE001 - recording must not stop training
            self.log.lose()

    def _largest_rate(self) -> float:
        groups = self._optimizer.param_groups
        return max(float(group["lr"]) for group in groups)

    def _returned(
        self,
        kind: type[values.Resume] | type[values.Rollback],
        step: int,
        state: Mapping[str, Any],
        reason: str,
    ) -> None:
        held = state_of.copied(state_of.named_tensors(state))

        def make(place: Place) -> AnyEvent:
            root = list_root(state_of.tensor_digests(held))
            return kind(step=step, checkpoint=root, reason=reason, **place)

        self.log.put(make)


def _restarted(place: Place) -> AnyEvent:
    return values.Gap(reason=GapReason.RESTART, missed=0, **place)
