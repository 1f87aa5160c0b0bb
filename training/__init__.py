"""From labelled corpora to the model folder that the package ships; never imported by the package."""
