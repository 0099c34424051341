package io.margay.app.process.flowlink;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.model.flow.FlowEvent;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What travels on the link. An outcome goes over it once and is named by its number after that. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "line")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Line.Meaning.class, name = "outcome"),
  @JsonSubTypes.Type(value = Line.Judged.class, name = "judged"),
  @JsonSubTypes.Type(value = Line.Counted.class, name = "counted"),
  @JsonSubTypes.Type(value = Line.Dropped.class, name = "dropped")
})
sealed interface Line {
  /** Records as they are: methods like {@code isIcmp} tell nothing that is not there already. */
  JsonMapper JSON = JsonMapper.builder().disable(MapperFeature.AUTO_DETECT_IS_GETTERS).build();

  /** From here on the number stands for the outcome. */
  record Meaning(int number, Outcome outcome) implements Line {}

  /** {@link FlowEvent.Judged}; the time is in microseconds since 1970. */
  record Judged(
      long at,
      String node,
      Packet packet,
      Direction direction,
      int outcome,
      long bytes,
      long connections,
      @Nullable IpAddress serviceAddress,
      int servicePort)
      implements Line {}

  /** {@link FlowEvent.Counted}; the time is in microseconds since 1970. */
  record Counted(
      long at,
      String node,
      Packet packet,
      Direction direction,
      int outcome,
      FlowEvent.Traffic in,
      FlowEvent.Traffic out,
      boolean ended)
      implements Line {}

  /** How many events the sender has dropped since it started. */
  record Dropped(String node, long events) implements Line {}

  static Line of(FlowEvent event, int outcome) {
    long at = ChronoUnit.MICROS.between(Instant.EPOCH, event.at());
    return switch (event) {
      case FlowEvent.Judged judged -> {
        FlowEvent.ServiceAddress service = judged.serviceAddress();
        yield new Judged(
            at,
            judged.node(),
            judged.packet(),
            judged.direction(),
            outcome,
            judged.bytes(),
            judged.connections(),
            service == null ? null : service.address(),
            service == null ? 0 : service.port());
      }
      case FlowEvent.Counted counted ->
          new Counted(
              at,
              counted.node(),
              counted.packet(),
              counted.direction(),
              outcome,
              counted.in(),
              counted.out(),
              counted.ended());
    };
  }

  static FlowEvent event(Judged line, Outcome outcome) {
    return new FlowEvent.Judged(
        time(line.at),
        line.node,
        line.packet,
        line.direction,
        outcome,
        line.bytes,
        line.connections,
        line.serviceAddress == null
            ? null
            : new FlowEvent.ServiceAddress(line.serviceAddress, line.servicePort));
  }

  static FlowEvent event(Counted line, Outcome outcome) {
    return new FlowEvent.Counted(
        time(line.at),
        line.node,
        line.packet,
        line.direction,
        outcome,
        line.in,
        line.out,
        line.ended);
  }

  private static Instant time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
