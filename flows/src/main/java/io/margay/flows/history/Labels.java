package io.margay.flows.history;

import java.util.List;

/** The labels of both ends: {@code key=value}, sorted. */
record Labels(List<String> source, List<String> dest) {}
