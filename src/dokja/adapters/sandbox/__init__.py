"""Strangers' programs, run where they can reach nothing."""

from dokja.adapters.sandbox.program_sandbox import ProgramSandbox, SandboxLimits

__all__ = ["ProgramSandbox", "SandboxLimits"]
