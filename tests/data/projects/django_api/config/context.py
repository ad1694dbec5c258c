def site(request):
    return {"site": "Notes"}
