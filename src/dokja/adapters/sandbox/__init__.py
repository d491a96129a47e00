"""Strangers' programs, run where they can reach nothing."""

from dokja.adapters.sandbox.program_sandbox import ProgramSandbox, SandboxLimits
from dokja.adapters.sandbox.walled_command import CommandLimits, WalledCommand

__all__ = ["CommandLimits", "ProgramSandbox", "SandboxLimits", "WalledCommand"]
