# Starts modelbake's guard. It lies in a directory of its own for one run, so its compiled form may
# be kept there even when this program keeps none of its own.
import sys

_kept = sys.dont_write_bytecode
sys.dont_write_bytecode = False
try:
    import modelbake_guard
finally:
    sys.dont_write_bytecode = _kept
modelbake_guard.start()
