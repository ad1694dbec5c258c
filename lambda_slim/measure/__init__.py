"""Time: imports, logs, the cold-start estimate and its calibration."""
