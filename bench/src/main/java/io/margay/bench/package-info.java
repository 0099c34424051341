/**
 * Takes: sizes and rounds. Gives: JSON lines with what Margay costs beside a baseline, measured in
 * one run. Never part of what a node runs.
 */
@NullMarked
package io.margay.bench;

import org.jspecify.annotations.NullMarked;
