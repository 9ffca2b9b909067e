"""On site: a point's slots, bookings and waiting list, its desk with numbers called, the board, and what it prints.
The views import it, the demo and the worker too; it imports the cases and the office, materials and candidates."""
