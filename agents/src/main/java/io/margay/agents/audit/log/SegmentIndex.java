package io.margay.agents.audit.log;

/** Where the records of a segment are, when they were written, and which words they have. */
public interface SegmentIndex {

  /** Sequence of the segment's first record. */
  long first();

  int records();

  /** When a record was written, in microseconds since 1970; never before the record before it. */
  long micros(int record);

  /** Where a record's bytes begin in the segment's file; their length is in the 4 bytes before. */
  int at(int record);

  /** The records with a word, ascending, counted from 0 in the segment; some may not have it. */
  int[] withTerm(String term);
}
