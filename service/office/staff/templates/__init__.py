"""The staff page's templates; they extend `staff_base.html`."""
