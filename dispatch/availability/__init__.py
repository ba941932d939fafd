"""When somebody can be asked: hours, exceptions, absences, holidays, notice, regions."""
