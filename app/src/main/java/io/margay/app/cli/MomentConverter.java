package io.margay.app.cli;

import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads moments as people write them: 2026-11-28T09:30:00Z, or how long ago it was, as in 90m. */
final class MomentConverter implements ITypeConverter<Instant> {
  private final InstantSource clock;

  /** For picocli, which knows the time of this machine. */
  MomentConverter() {
    this(InstantSource.system());
  }

  MomentConverter(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Instant convert(String text) {
    Instant moment;
    try {
      moment = OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      moment = ago(text);
    }
    if (moment.isAfter(clock.instant()) || moment.isBefore(Instant.EPOCH)) {
      throw new TypeConversionException("\"" + text + "\" is not between 1970 and now");
    }
    return moment;
  }

  private Instant ago(String text) {
    try {
      return clock.instant().minus(new DurationConverter().convert(text));
    } catch (TypeConversionException e) {
      throw new TypeConversionException(
          "\""
              + text
              + "\" is not a moment; write 2026-11-28T09:30:00Z, or how long ago it was, such as"
              + " 90m");
    }
  }
}
