package io.margay.agents.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.TraceContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Records as the bytes that are stored and hashed. The schema is in docs/audit.md. */
public final class RecordJson {
  /**
   * Bytes that an event may have: with what the log adds, an entry of C2SP's bundles, whose length
   * has 16 bits.
   */
  public static final int MAX_EVENT = 64_000;

  /** Characters of one string; callers choose some of them, and could fill the disk. */
  private static final int MAX_STRING = 1_024;

  /** Characters of one list. */
  private static final int MAX_LIST = 8_192;

  /** Characters that may be needed to tell what was cut. */
  private static final int MARK = 40;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RecordJson() {}

  /** An event's bytes. */
  public static byte[] event(AuditEvent event) {
    CanonicalJson json = new CanonicalJson().begin();
    event.about().ifPresent(about -> json.member("about", about));
    event.attempt().ifPresent(attempt -> json.member("action", cut(attempt.action())));
    text(json, "actor", event.actor());
    json.member("at", event.at().toString());
    event.caller().ifPresent(caller -> caller(json, caller));
    event.decision().ifPresent(decision -> decision(json, decision));
    if (!event.details().isEmpty()) {
      json.name("details").begin();
      event.details().forEach((name, value) -> json.member(name, cut(value, MAX_LIST)));
      json.end();
    }
    json.member("kind", event.kind().name());
    event.latency().ifPresent(time -> json.member("latencyMicros", time.toNanos() / 1000));
    text(json, "owner", event.owner());
    text(json, "payload", event.payload());
    event.attempt().ifPresent(attempt -> json.member("protocol", attempt.protocol().name()));
    text(json, "status", event.status());
    event
        .attempt()
        .ifPresent(attempt ->
            json.name("target")
                .begin()
                .member("kind", attempt.target().kind().name())
                .member("name", cut(attempt.target().name()))
                .member("server", cut(attempt.target().server()))
                .end());
    event.trace().ifPresent(trace -> trace(json, trace));
    return json.end().toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void text(CanonicalJson json, String name, String value) {
    if (!value.isEmpty()) {
      json.member(name, cut(value));
    }
  }

  private static void caller(CanonicalJson json, Caller caller) {
    json.name("caller").begin().member("chain", cut(caller.chain()));
    json.member("depth", caller.depth());
    if (!caller.scope().isEmpty()) {
      json.member("scope", cut(caller.scope()));
    }
    text(json, "token", caller.tokenId());
    caller
        .user()
        .ifPresent(user ->
            json.name("user")
                .begin()
                .member("issuer", cut(user.issuer()))
                .member("subject", cut(user.subject()))
                .end());
    json.member("workload", cut(caller.workload())).end();
  }

  private static void decision(CanonicalJson json, AgentDecision decision) {
    json.name("decision").begin();
    ruling(json, "enforced", decision.enforced());
    if (!decision.errors().isEmpty()) {
      json.member("errors", cut(decision.errors()));
    }
    ruling(json, "pending", decision.pending());
    json.member("policySet", cut(decision.policySetHash()));
    if (!decision.reads().isEmpty()) {
      json.member("reads", cut(decision.reads()));
    }
    json.end();
  }

  private static void ruling(CanonicalJson json, String name, Ruling ruling) {
    json.name(name).begin();
    ruling
        .approval()
        .ifPresent(hold -> {
          json.name("approval").begin().member("approvers", cut(hold.approvers()));
          json.member("count", hold.count());
          json.member("seconds", hold.seconds());
          if (hold.hashOnly()) {
            json.member("webhook", "hash");
          }
          json.end();
        });
    json.member("policies", cut(ruling.policies()));
    json.member("reason", cut(ruling.reason()));
    json.member("tier", cut(ruling.tier()));
    json.member("verdict", ruling.verdict().name()).end();
  }

  private static void trace(CanonicalJson json, TraceContext trace) {
    json.name("trace").begin();
    json.member("hop", cut(trace.hopId()));
    json.member("span", cut(trace.spanId()));
    json.member("trace", cut(trace.traceId())).end();
  }

  private static String cut(String value) {
    return cut(value, MAX_STRING);
  }

  /** A longer string says at its end how much is missing; a string that was cut stays as it is. */
  private static String cut(String value, int max) {
    int kept = max - MARK;
    return value.length() <= max
        ? value
        : value.substring(0, kept) + "\u2026 (" + (value.length() - kept) + " more characters)";
  }

  private static List<String> cut(List<String> values) {
    if (isShort(values)) {
      return values;
    }
    List<String> texts = values.stream().map(RecordJson::cut).toList();
    if (texts.stream().mapToInt(String::length).sum() <= MAX_LIST) {
      return texts;
    }
    List<String> kept = new ArrayList<>();
    int length = 0;
    for (String text : texts) {
      length += text.length();
      if (length > MAX_LIST - MARK) {
        break;
      }
      kept.add(text);
    }
    kept.add("\u2026 (" + (texts.size() - kept.size()) + " more)");
    return kept;
  }

  /** Whether nothing is to be cut, as nearly always. */
  private static boolean isShort(List<String> values) {
    int length = 0;
    for (String value : values) {
      if (value.length() > MAX_STRING) {
        return false;
      }
      length += value.length();
    }
    return length <= MAX_LIST;
  }

  /** A record's bytes. Its members are in order: event, previous, sequence, time. */
  public static byte[] record(byte[] event, String previous, long sequence, Instant time) {
    byte[] head = "{\"event\":".getBytes(StandardCharsets.UTF_8);
    byte[] tail =
        (",\"previous\":\""
                + previous
                + "\",\"sequence\":"
                + sequence
                + ",\"time\":\""
                + time
                + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    byte[] record = Arrays.copyOf(head, head.length + event.length + tail.length);
    System.arraycopy(event, 0, record, head.length, event.length);
    System.arraycopy(tail, 0, record, head.length + event.length, tail.length);
    return record;
  }

  /**
   * Reads a record.
   *
   * @throws IllegalArgumentException if the bytes are not a record, or are not its canonical form
   */
  public static AuditRecord read(byte[] bytes) {
    JsonNode json = tree(bytes);
    if (!Arrays.equals(canonical(json), bytes)) {
      throw new IllegalArgumentException("not in canonical form");
    }
    return read(json);
  }

  /** The bytes of a record whose tree is known. */
  public static byte[] canonical(JsonNode json) {
    return CanonicalJson.of(json).getBytes(StandardCharsets.UTF_8);
  }

  /** A record as text: the bytes that are stored. */
  public static String text(AuditRecord record) {
    byte[] bytes =
        record(event(record.event()), record.previous(), record.sequence(), record.time());
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A record's bytes as a tree, whatever is in it. */
  public static JsonNode tree(byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      if (json.isObject()) {
        return json;
      }
      throw new IllegalArgumentException("not a JSON object");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }

  /** Takes a record's tree apart. */
  public static AuditRecord read(JsonNode json) {
    RecordFields fields = new RecordFields(json);
    if (!json.path("sequence").isIntegralNumber()) {
      throw new IllegalArgumentException("sequence is missing or not a number");
    }
    return new AuditRecord(
        json.path("sequence").longValue(),
        fields.time("time"),
        fields.text("previous"),
        EventReader.read(fields.object("event")));
  }
}
