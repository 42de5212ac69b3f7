"""The stub portal: a stand-in that answers as the documented portal would."""
