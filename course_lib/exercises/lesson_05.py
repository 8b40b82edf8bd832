"""Exercises of lesson 05: data, collected, cleaned, annotated, fused."""

from course_lib.curate import agreement, crowd, duplicates, fusion, hashing, mojibake, splits
from course_lib.exercises import answers_05 as answers
from course_lib.exercises import cases_05 as cases
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.marking import gan_steps
from course_lib.marking.arguments import torch_leaves

EXERCISES = [
    Exercise(
        "curate.mojibake.repaired",
        mojibake.repaired,
        cases=cases.texts,
        points=10,
        minutes=10,
        difficulty=2,
        hints=[
            "What happened: somebody wrote UTF-8 bytes, and somebody else read them in another encoding. Walk back: which of `encode` and `decode` undoes the reading?",
            "`text.encode(wrong)` gives the bytes back, `.decode('utf-8')` reads them as they were meant. Either may raise a UnicodeError: then this was not the wrong encoding, try the next.",
            "Plain ASCII comes out of the first try unchanged: that proves nothing, so go on while nothing has changed.",
        ],
        misconceptions=[
            Misconception(
                "the damage was done a second time",
                "That is how the caption was spoiled: UTF-8 bytes read in the wrong encoding. To undo it, go the way back.",
                answers.repaired_the_other_way,
            ),
            Misconception(
                "what does not fit was thrown away",
                "With 'ignore' every text can be 'mended', right ones too: they lose all that is not valid UTF-8. That a text does not fit is the very sign that it was right.",
                answers.repaired_by_ignoring,
            ),
            Misconception(
                "GBK was left out",
                "Many machines in China read text as GBK. Try that encoding, too, after the other two.",
                [('("latin-1", "cp1252", "gbk")', '("latin-1", "cp1252")')],
            ),
            Misconception(
                "it stops at the first encoding that does not fit",
                "One encoding that does not fit says nothing about the next: go on with the loop.",
                [("continue", "return text")],
            ),
        ],
        alternatives=[answers.repaired_by_list, answers.repaired_step_by_step],
    ),
    Exercise(
        "curate.hashing.difference_hash",
        hashing.difference_hash,
        cases=cases.pictures,
        points=10,
        minutes=6,
        difficulty=1,
        hints=[
            "Two views of one array: without its first column, without its last. Compare them.",
            "`np.packbits` makes bytes of booleans, row after row.",
        ],
        misconceptions=[
            Misconception(
                "neighbours below were compared",
                "Compare along a row, each pixel with the one to its right.",
                answers.hash_of_neighbours_below,
            ),
            Misconception(
                "darker and brighter were exchanged",
                "A bit is 1 where the *right* neighbour is the brighter one.",
                [("grey[:, 1:] > grey[:, :-1]", "grey[:, 1:] < grey[:, :-1]")],
            ),
            Misconception(
                "equal neighbours count as brighter",
                "In a black sky all neighbours are equal: these bits should be 0.",
                [("grey[:, 1:] > grey[:, :-1]", "grey[:, 1:] >= grey[:, :-1]")],
            ),
            Misconception(
                "pixels were compared with the mean",
                "That is the average hash, another one. Here each pixel is compared with its neighbour.",
                answers.average_hash,
            ),
        ],
        alternatives=[answers.hash_by_diff, answers.hash_by_weights],
    ),
    Exercise(
        "curate.hashing.hamming",
        hashing.hamming,
        cases=cases.packed,
        points=10,
        minutes=5,
        difficulty=2,
        hints=[
            "Where do two bits differ? There is one operator for it: `a ^ b`, exclusive or.",
            "`np.unpackbits(..., axis=-1)` makes eight zeros and ones of each byte; how many are one?",
        ],
        misconceptions=[
            Misconception(
                "bytes were counted, not bits",
                "Two bytes may differ in one bit or in eight. Unpack them first.",
                [("np.unpackbits(a ^ b, axis=-1).sum(-1)", "(a != b).sum(-1)")],
            ),
            Misconception(
                "common ones were counted",
                "`&` is 1 where both bits are 1. Which operator is 1 where they differ?",
                [("a ^ b", "a & b")],
            ),
            Misconception(
                "everything was added up",
                "One distance for each pair of hashes: add along the last axis only.",
                [(".sum(-1)", ".sum()")],
            ),
            Misconception(
                "the bytes' difference was taken as a number",
                "1 and 2 differ by 1 as numbers, and in two bits. Compare bit by bit.",
                [("np.unpackbits(a ^ b, axis=-1).sum(-1)", "np.abs(a.astype(int) - b).sum(-1)")],
            ),
        ],
        alternatives=[answers.hamming_by_table, answers.hamming_by_bits],
    ),
    Exercise(
        "curate.duplicates.band_pairs",
        duplicates.band_pairs,
        cases=cases.bit_rows,
        points=20,
        minutes=18,
        difficulty=4,
        hints=[
            "One band at a time. Sort the items into buckets by their bits in this band; who shares a bucket is a pair.",
            "A dictionary from `row.tobytes()` to the items seen so far. A new item makes a pair with each that is there already, and then moves in.",
            "Buckets belong to one band: start with an empty dictionary for each. A `set` keeps each pair once, however many bands it shares.",
        ],
        misconceptions=[
            Misconception(
                "all bands have to agree",
                "Then only exact copies are found. One band in which two hashes agree is enough to make them candidates.",
                [("np.array_split(bits, bands, axis=1)", "[bits]")],
            ),
            Misconception(
                "different bands share their buckets",
                "The same bits at another place mean nothing. Each band needs buckets of its own.",
                [
                    (
                        "    for band in np.array_split(bits, bands, axis=1):\n        buckets = {}\n",
                        "    buckets = {}\n    for band in np.array_split(bits, bands, axis=1):\n",
                    )
                ],
            ),
            Misconception(
                "a newcomer was paired with the first of its bucket only",
                "Everybody in a bucket is a candidate for everybody else in it.",
                [("for other in bucket)", "for other in bucket[:1])")],
            ),
            Misconception(
                "rows were cut into bands, not columns",
                "A band is a part of the *bits* of every item: cut along axis 1.",
                [("axis=1", "axis=0")],
            ),
        ],
        # an empty table of whole numbers equals an empty table of any numbers
        equivalent=["line 19:11 without dtype= (np.array(sorted(pairs), dtype=int))"],
        alternatives=[answers.band_pairs_by_comparing, answers.band_pairs_with_matrices],
    ),
    Exercise(
        "curate.agreement.cohen_kappa",
        agreement.cohen_kappa,
        cases=cases.two_annotators,
        points=10,
        minutes=10,
        difficulty=2,
        hints=[
            "First p: on what share of the items do they say the same?",
            "Then e: if a says word 0 in 60 % of all cases and b in 50 %, how often do both say it by chance? Add that up over the words. `np.bincount(a, minlength=words)` counts.",
            "Kappa is the part of what is possible beyond chance, 1 - e, that was reached.",
        ],
        misconceptions=[
            Misconception(
                "chance was left out",
                "That is the share of agreement. Who says 'clear' of everything agrees often, and has not looked once.",
                answers.agreement_alone,
            ),
            Misconception(
                "chance is taken as one in so many words",
                "People do not choose words evenly. How often does each of the two really use each word?",
                answers.kappa_with_even_chance,
            ),
            Misconception(
                "chance comes from the pooled answers",
                "That is Scott's pi: both are given the same habits. Kappa multiplies the habit of the one with the habit of the other.",
                answers.scott_pi,
            ),
            Misconception(
                "it was not divided by what was possible",
                "p - e would be at most 1 - e, so full agreement would not be 1.",
                [("(p - e) / (1 - e) if", "(p - e) if")],
            ),
        ],
        # a word that nobody says adds 0; 0 / 0 is NaN by itself
        equivalent=["line 12:36 + 1 (1)", "line 15:32 Lt -> LtE (e < 1)", "line 15:36 + 1 (1)"],
        alternatives=[answers.kappa_by_table, answers.kappa_by_words],
    ),
    Exercise(
        "curate.agreement.krippendorff_alpha",
        agreement.krippendorff_alpha,
        cases=cases.with_gaps,
        points=20,
        minutes=20,
        difficulty=4,
        hints=[
            "Make a table first: for each item, how often was each word said? Leave out gaps, and then items with fewer than two labels.",
            "In an item with counts c and n labels there are n^2 - sum(c^2) ordered pairs that differ. (The n pairs of a label with itself fall out by themselves.) Divide by n - 1, add up.",
            "The same once more for the totals of all items together: that is the disagreement to be expected if labels were dealt out anew.",
        ],
        misconceptions=[
            Misconception(
                "items with a single label were kept",
                "They can be compared with nothing: leave them out before the totals are taken.",
                [
                    ("counts[counts.sum(1) >= 2]", "counts[counts.sum(1) >= 1]"),
                    (
                        "(said**2 - np.sum(counts**2, axis=1)) / (said - 1)",
                        "(said**2 - np.sum(counts**2, axis=1)) / np.maximum(said - 1, 1)",
                    ),
                ],
            ),
            Misconception(
                "gaps count as a word of their own",
                "-1 means that nobody said anything. Two gaps are no agreement.",
                answers.alpha_with_gaps_as_a_word,
            ),
            Misconception(
                "every pair weighs the same",
                "An item that five people have labelled has ten times the pairs of one that two have. Its pairs are divided by (labels - 1), so that each *label* weighs the same.",
                answers.alpha_with_equal_pairs,
            ),
            Misconception(
                "labels were drawn with putting back",
                "Expected are pairs of two *different* labels: of N labels there are N (N - 1) ordered pairs, not N^2.",
                [("(total.sum() - 1)", "total.sum()")],
            ),
        ],
        alternatives=[answers.alpha_by_pairs, answers.alpha_by_coincidences],
    ),
    Exercise(
        "curate.crowd.weigh_evidence",
        crowd.weigh_evidence,
        cases=cases.evidence,
        points=20,
        minutes=18,
        difficulty=4,
        hints=[
            "One item: believe in t with prior[t] times the chance that each annotator gives the answer that he gave, where t is true: `table[t, said]`.",
            "A thousand factors below 1 are 0 for a computer: add logarithms, subtract the largest of each item, take `np.exp`, divide by the sum.",
            "Who did not say has no factor: `there = said >= 0` picks the items that count.",
        ],
        misconceptions=[
            Misconception(
                "the table was read the wrong way round",
                "Row t belongs to what is *true*, the column to what was *said*. Known is what was said: take that column.",
                [("np.log(table[:, said[there]]).T", "np.log(table[said[there]])")],
            ),
            Misconception(
                "the prior was forgotten",
                "Where nobody has said anything, the prior is all there is to believe.",
                [("np.tile(np.log(prior), (labels.shape[1], 1))", "np.zeros((labels.shape[1], len(prior)))")],
            ),
            Misconception(
                "gaps were read as an answer",
                "-1 as an index is the *last* word. Who did not say must not count.",
                [("there = said >= 0", "there = said >= -1")],
            ),
            Misconception(
                "products of many chances vanish",
                "With a thousand annotators both products are 0, and 0 / 0 is nothing. Add logarithms, and subtract the largest before `exp`.",
                answers.evidence_by_products,
            ),
            Misconception(
                "the beliefs were not made to add up to 1",
                "Divide each item's row by its sum.",
                [("return belief / belief.sum(axis=1, keepdims=True)", "return belief")],
            ),
        ],
        alternatives=[answers.evidence_one_by_one, answers.evidence_by_logsumexp],
    ),
    Exercise(
        "curate.splits.grouped_split",
        splits.grouped_split,
        cases=cases.families,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "Begin with nothing held out. Try one group after the other: how many items would the test set have with it?",
            "`groups == group` marks the members. If it still fits, add them all; if not, go on with the next group.",
        ],
        misconceptions=[
            Misconception(
                "a group was cut in two",
                "That is the leak: one half of a family would be learnt by heart, the other half tested.",
                answers.split_item_by_item,
            ),
            Misconception(
                "it stops at the first group that does not fit",
                "A smaller group further on may still fit: pass over the large one, and go on.",
                [
                    (
                        "            test |= member",
                        "            test |= member\n        else:\n            break",
                    )
                ],
            ),
            Misconception(
                "groups were counted, not items",
                "`share` is a share of the items: a family of thirty weighs more than one of two.",
                answers.split_by_groups,
            ),
            Misconception(
                "the test set may grow beyond its share",
                "Ask before adding: would it still hold at most `share` of all items with this group?",
                [("test.sum() + member.sum() <= share", "test.sum() <= share")],
            ),
            Misconception(
                "the training set was marked",
                "True is for what is held out.",
                [("return test", "return ~test")],
            ),
        ],
        alternatives=[answers.split_by_counts, answers.split_with_lists],
    ),
    Exercise(
        "curate.fusion.contrastive_loss",
        fusion.contrastive_loss,
        cases=cases.paired_features,
        points=20,
        minutes=15,
        difficulty=3,
        make=torch_leaves,
        observe=gan_steps.value_and_slopes,
        hints=[
            "First make all rows unit vectors: `F.normalize(clips, dim=1)`. Then one matrix product gives all n x n cosines.",
            "Row k of the matrix is clip k among all texts, and its right answer is number k: `F.cross_entropy(logits, torch.arange(n))`.",
            "Column k is text k among all clips: the same with the matrix transposed. Then the mean of both.",
        ],
        misconceptions=[
            Misconception(
                "features were not made unit vectors",
                "Then a long vector shouts: it wins every comparison by its length. Only directions should count.",
                answers.contrastive_with_dot_products,
            ),
            Misconception(
                "only one direction was asked",
                "Each clip finds its text; but does each text find its clip? Rows and columns, and the mean of both.",
                [
                    (
                        "(F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2",
                        "F.cross_entropy(logits, own)",
                    )
                ],
            ),
            Misconception(
                "the cosines were not scaled",
                "Cosines lie between -1 and 1: their softmax is nearly even. `scale` makes it sharp.",
                [("scale * clips", "clips")],
            ),
            Misconception(
                "the cosines were divided by the scale",
                "`scale` is the *inverse* temperature: multiply.",
                [("scale * clips @ texts.T", "clips @ texts.T / scale")],
            ),
            Misconception(
                "pairs are drawn together, and nothing is pushed apart",
                "The best answer to that is one and the same vector for everything. The other captions of the batch must count, too.",
                answers.contrastive_as_distance,
            ),
            Misconception(
                "the two directions were added",
                "The mean of the two is asked for.",
                [(" / 2", "")],
            ),
        ],
        equivalent=[  # the default is the same
            "line 13:12 without dim= (F.normalize(clips, dim=1))",
            "line 14:12 without dim= (F.normalize(texts, dim=1))",
        ],
        alternatives=[answers.contrastive_by_diagonal, answers.contrastive_by_similarity],
    ),
]
