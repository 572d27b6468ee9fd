"""What each of our CSV files holds, column by column; a module for each room that makes some."""
