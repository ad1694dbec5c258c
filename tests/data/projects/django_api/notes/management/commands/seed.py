from django.core.management.base import BaseCommand

from notes.models import Note


class Command(BaseCommand):
    def handle(self, *args, **options):
        for index in range(3):
            Note.objects.create(text=f"Note {index}")
