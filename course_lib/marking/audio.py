"""Arguments of the exercises of lesson 08: ways to sound and back that owe nothing to the learner's own."""


def transform_arguments(case: dict) -> dict:
    """Magnitudes, first phases, the way to sound and the way back (torch's), and how often."""
    import torch

    hop, window = case["hop"], torch.from_numpy(case["window"].copy())
    size = len(window)

    def to_sound(spectrum):
        return torch.istft(torch.as_tensor(spectrum).T, size, hop, window=window).numpy()

    def to_spectrum(sound):
        found = torch.stft(torch.as_tensor(sound), size, hop, window=window, return_complex=True)
        return found.T.numpy().copy()

    return {
        "magnitude": case["magnitude"],
        "angles": case["angles"],
        "to_sound": to_sound,
        "to_spectrum": to_spectrum,
        "iterations": case["iterations"],
    }
