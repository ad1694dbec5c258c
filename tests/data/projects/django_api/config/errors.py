from rest_framework.views import exception_handler


def handle(error, context):
    answer = exception_handler(error, context)
    if answer is not None:
        answer.data = {"problem": answer.data}
    return answer
