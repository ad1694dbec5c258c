"""Where does the time of INIT go? Measured in a child of the target's Python."""
