"""The solver on a CUDA card: the room's own loops, one thread a round (translating.py).

numba-cuda makes the machine code and CuPy holds the arrays: least code, since no kernel is written twice. What runs on
the card: Newton's iterations whole, that is forces, Hessian, the linear solver and the search along the direction; and
cloth on cloth, that is which pairs come near, what they push, how far a step may go. What stays on the processor, once
a step: where the skin is, anchors of friction, folds and threads.
"""
