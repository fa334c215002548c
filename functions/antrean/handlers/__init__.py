import gc

# What is imported stays: a hundred thousand objects, through which the collector would look dozens
# of times meanwhile, for a twentieth of a cold start. What a request leaves to it are some hundred.
gc.set_threshold(200_000, 10, 10)
