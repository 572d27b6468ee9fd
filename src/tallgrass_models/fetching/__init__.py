"""Downloads of votes from the sites that offer them."""
