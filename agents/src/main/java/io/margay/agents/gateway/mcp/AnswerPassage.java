package io.margay.agents.gateway.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.gateway.Forwarder;
import io.margay.agents.gateway.http.ServerEvents;
import io.margay.agents.gateway.http.StrictJson;
import io.margay.agents.gateway.http.Upstream.Answer;
import io.margay.agents.gateway.mcp.McpDoor.Ongoing;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The way of an answer back to its caller: lists are filtered, all else passes as it comes. */
final class AnswerPassage {
  /** Lists have to fit in memory. */
  private static final int MAX_LIST_BYTES = 16 << 20;

  private final ListFilter filter;
  private final Sessions sessions;

  AnswerPassage(ListFilter filter, Sessions sessions) {
    this.filter = filter;
    this.sessions = sessions;
  }

  void write(Ongoing ongoing, Answer answer) throws IOException {
    if (ongoing.message().method().equals("initialize")) {
      String session = answer.headers().get("mcp-session-id");
      if (session != null && answer.status() < 300) {
        sessions.began(ongoing.server().name(), session, ongoing.caller());
      }
    }
    boolean filtered = ListFilter.isFor(ongoing.message().method());
    if (filtered && answer.isEventStream()) {
      writeEvents(ongoing, answer);
    } else if (filtered && answer.status() < 300) {
      writeList(ongoing, answer);
    } else {
      Forwarder.stream(ongoing.exchange(), answer);
    }
  }

  /** A list that cannot be read is not passed on: it could name anything. */
  private void writeList(Ongoing ongoing, Answer answer) throws IOException {
    byte[] body = answer.body().readNBytes(MAX_LIST_BYTES + 1);
    if (body.length > MAX_LIST_BYTES) {
      throw new IOException("the list is larger than " + MAX_LIST_BYTES + " bytes");
    }
    Forwarder.send(ongoing.exchange(), answer, StrictJson.write(filtered(ongoing, read(body))));
  }

  private void writeEvents(Ongoing ongoing, Answer answer) throws IOException {
    ServerEvents events = new ServerEvents(answer.body());
    OutputStream out = ongoing.exchange().begin(answer.status(), answer.headers());
    for (byte[] event = events.next(); event != null; event = events.next()) {
      String data = ServerEvents.data(event);
      if (data.isEmpty()) {
        out.write(event);
      } else {
        JsonNode message = filtered(ongoing, read(data.getBytes(StandardCharsets.UTF_8)));
        out.write(ServerEvents.withData(event, StrictJson.write(message)));
      }
      out.flush();
    }
  }

  private JsonNode filtered(Ongoing ongoing, JsonNode message) {
    return filter.filtered(ongoing.server(), ongoing.caller(), ongoing.message().method(), message);
  }

  private static JsonNode read(byte[] body) throws IOException {
    try {
      return StrictJson.read(body);
    } catch (StrictJson.NotJson e) {
      throw new IOException("the tool server's list cannot be read: " + e.reason());
    }
  }
}
