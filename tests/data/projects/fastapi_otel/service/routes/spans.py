from fastapi import APIRouter

from service import telemetry

router = APIRouter()


@router.get("/spans")
def names():
    return [span.name for span in telemetry.spans.get_finished_spans()]
