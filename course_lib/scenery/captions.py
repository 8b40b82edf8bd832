def caption(attributes, language, seed):
    return ""
