from django.shortcuts import render
from rest_framework import serializers, viewsets

from .models import Note


class NoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Note
        exclude = ["made"]


class NoteViewSet(viewsets.ModelViewSet):
    queryset = Note.objects.order_by("id")
    serializer_class = NoteSerializer


def index(request):
    return render(request, "notes/index.html", {"notes": Note.objects.count()})
