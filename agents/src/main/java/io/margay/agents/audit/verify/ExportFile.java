package io.margay.agents.audit.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.RecordJson;
import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.log.SegmentReader;
import io.margay.agents.audit.log.SegmentReader.Batch;
import io.margay.agents.audit.log.SegmentReader.Stored;
import io.margay.agents.audit.log.StoredRecords;
import io.margay.agents.audit.log.StoredTiles;
import io.margay.agents.audit.merkle.Checkpoint;
import io.margay.agents.audit.merkle.Frontier;
import io.margay.agents.audit.merkle.Hash;
import io.margay.agents.audit.merkle.NoteKey;
import io.margay.agents.audit.merkle.Proofs;
import io.margay.agents.audit.merkle.Tile;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Records in one file, a line each with the proof that it is in the log, below a line with the
 * checkpoint. Either the whole log, or an extract: some records, of which each can be proved while
 * the others stay where they are.
 */
public final class ExportFile {
  private static final String FORMAT = "margay-audit-export/1";
  private static final JsonMapper JSON = new JsonMapper();

  private ExportFile() {}

  /**
   * Writes the records up to the newest checkpoint.
   *
   * @param wanted which records; empty for all
   * @return how many were written
   */
  public static long write(LogFiles log, Path target, Optional<Predicate<AuditRecord>> wanted)
      throws IOException {
    NoteKey key = NoteKey.parse(Files.readString(log.verifierKey()));
    String note = Newest.of(log, key);
    long size = Checkpoint.open(note, key).size();
    StoredTiles tiles = new StoredTiles(log, new StoredRecords(log)::leaves);
    if (size % Tile.FULL > 0) {
      // The edge is read once, as wide as it is: it has no file.
      tiles.hashes(new Tile(0, size / Tile.FULL, (int) (size % Tile.FULL)));
    }
    List<Long> starts = log.segmentStarts();
    long first = starts.isEmpty() ? 0 : starts.getFirst();
    long count = 0;
    try (BufferedWriter out =
        Files.newBufferedWriter(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ObjectNode header = JSON.createObjectNode();
      header.put("format", FORMAT).put("complete", wanted.isEmpty()).put("first", first);
      header.put("checkpoint", note).put("verifierKey", key.toString());
      ArrayNode edge = header.putArray("subtrees");
      Frontier.of(tiles, first).subtrees().forEach(hash -> edge.add(hash.base64()));
      line(out, header.toString());
      for (long start : starts) {
        count += writeSegment(log, start, size, tiles, wanted, out);
      }
    }
    return count;
  }

  private static long writeSegment(
      LogFiles log,
      long start,
      long size,
      StoredTiles tiles,
      Optional<Predicate<AuditRecord>> wanted,
      BufferedWriter out)
      throws IOException {
    long count = 0;
    try (SegmentReader reader = SegmentReader.open(log, start)) {
      while (reader.next() < size && reader.read() instanceof Batch batch) {
        for (Stored record : batch.records()) {
          if (record.sequence() < size
              && (wanted.isEmpty() || wanted.get().test(RecordJson.read(record.bytes())))) {
            ArrayNode proof = JSON.createArrayNode();
            Proofs.inclusion(tiles, record.sequence(), size)
                .forEach(hash -> proof.add(hash.base64()));
            String json = new String(record.bytes(), StandardCharsets.UTF_8);
            line(out, "{\"proof\":" + proof + ",\"record\":" + json + "}");
            count++;
          }
        }
      }
    }
    return count;
  }

  private static void line(BufferedWriter out, String text) throws IOException {
    out.write(text);
    out.write('\n');
  }

  static Report verify(Path file, Optional<NoteKey> given, List<String> more) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      String head = lines.readLine();
      JsonNode header = head == null ? JSON.missingNode() : parse(file, head);
      if (!header.path("format").asText().equals(FORMAT)) {
        throw new IllegalArgumentException(
            file + ": no export of an audit log: its first line does not say " + FORMAT);
      }
      NoteKey key = given.orElseGet(() -> NoteKey.parse(header.path("verifierKey").asText()));
      Report report = new Lines(header, key, more).verify(lines);
      return given.isPresent() ? report : Verifier.withKeyRemark(report, key);
    }
  }

  private static JsonNode parse(Path file, String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file + ": not JSON lines: " + e.getOriginalMessage(), e);
    }
  }

  /** The lines below the header. */
  private static final class Lines {
    private final JsonNode header;
    private final boolean isComplete;
    private final Verification verification;
    private final Optional<Checkpoint> checkpoint;
    private final List<String> problems = new ArrayList<>();
    private long count;
    private long last = -1;

    Lines(JsonNode header, NoteKey key, List<String> more) {
      this.header = header;
      this.isComplete = header.path("complete").asBoolean();
      String note = header.path("checkpoint").asText();
      List<String> notes = new ArrayList<>(more);
      notes.add(note);
      this.verification = new Verification(new Checkpoints(key, notes));
      this.checkpoint = open(note, key);
    }

    private static Optional<Checkpoint> open(String note, NoteKey key) {
      try {
        return Optional.of(Checkpoint.open(note, key));
      } catch (IllegalArgumentException e) {
        // Told already, among the checkpoints' problems.
        return Optional.empty();
      }
    }

    Report verify(BufferedReader lines) throws IOException {
      if (isComplete) {
        startBehindRemoved();
      }
      int number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        try {
          take(RecordJson.tree(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
          problem("line " + number + ": " + e.getMessage());
        }
      }
      return isComplete ? verification.finish() : extract();
    }

    private void startBehindRemoved() {
      long first = header.path("first").asLong();
      List<Hash> subtrees = new ArrayList<>();
      for (JsonNode hash : header.path("subtrees")) {
        subtrees.add(Hash.ofBase64(hash.asText()));
      }
      if (first > 0) {
        verification.startBehind(new Frontier(first, subtrees));
      }
    }

    private void take(JsonNode line) {
      byte[] bytes = RecordJson.canonical(line.path("record"));
      long sequence = line.path("record").path("sequence").asLong(-1);
      if (isComplete) {
        verification.record(bytes);
      } else {
        RecordJson.read(bytes);
        if (sequence <= last) {
          problem("record " + sequence + ": it follows record " + last);
        }
      }
      last = sequence;
      count++;
      List<Hash> proof = new ArrayList<>();
      line.path("proof").forEach(hash -> proof.add(Hash.ofBase64(hash.asText())));
      if (checkpoint.isPresent()
          && !Proofs.isIncluded(
              Hash.ofLeaf(bytes),
              sequence,
              checkpoint.get().size(),
              checkpoint.get().root(),
              proof)) {
        problem(
            "record "
                + sequence
                + ": its proof does not lead to the root of the checkpoint of size "
                + checkpoint.get().size());
      }
    }

    private void problem(String text) {
      if (isComplete) {
        verification.problem(text);
      } else {
        problems.add(text);
      }
    }

    /** An extract proves its records, and that only. */
    private Report extract() {
      List<String> all = new ArrayList<>(verification.checkpointProblems());
      all.addAll(problems);
      return new Report(
          count,
          checkpoint.map(Checkpoint::size).orElse(0L),
          checkpoint.map(Checkpoint::root).orElse(Hash.EMPTY),
          1,
          List.of("an extract: each record in it is in the log; which others are, it does not say"),
          all);
    }
  }
}
