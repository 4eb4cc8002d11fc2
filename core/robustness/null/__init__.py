"""What is found where nothing is: permuted labels, random sets, random parts."""
