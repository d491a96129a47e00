#!/bin/sh
# Puts the peers into virtual environments of their own, so that no version of
# theirs meets one of ours:
#
#     benchmarks/lineage/peers/install.sh FOLDER [PYTHON311] [PYTHON312]
#
# The provenance kit needs Python 3.12 and pulls the full torch, several GB.
set -eu
folder=$1
python311=${2:-python3.11}
python312=${3:-python3.12}
mkdir -p "$folder"
"$python311" -m venv "$folder/modeldna"
"$folder/modeldna/bin/pip" install modeldna==0.1.0
"$python312" -m venv "$folder/cisco"
"$folder/cisco/bin/pip" install cisco-ai-provenance-kit==1.0.0
