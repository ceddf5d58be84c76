"""Words for the values of filters, German and English."""

from __future__ import annotations

from service.pages import labels
from vectorstore.records import ItemKind, ItemStatus

KINDS: dict[str, dict[str, str]] = {
    "de": labels.KINDS_MANY,
    "en": {
        ItemKind.THEME: "Themes",
        ItemKind.GOAL: "Goals",
        ItemKind.PROJECT: "Projects",
        ItemKind.MEASURE: "Measures",
        ItemKind.PRINCIPLE: "Principles",
        ItemKind.THESIS: "Theses",
        ItemKind.RESOLUTION: "Resolution points",
        ItemKind.SECTION: "Sections",
    },
}
ITEM_STATUSES: dict[str, dict[str, str]] = {
    "de": labels.STATUSES_LONG,
    "en": {
        ItemStatus.IDEA: "idea",
        ItemStatus.PLANNED: "planned",
        ItemStatus.IN_PROGRESS: "in progress",
        ItemStatus.IMPLEMENTED: "implemented",
        ItemStatus.ARCHIVED: "archived",
    },
}
