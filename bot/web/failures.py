"""What may be said of an error in a log: nothing of what was said by anyone."""


def where(problem: BaseException) -> str:
    """Type and places of an error, without its text nor its values."""
    places, trace = [], problem.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"{type(problem).__name__} at {' > '.join(places[-6:])}"
