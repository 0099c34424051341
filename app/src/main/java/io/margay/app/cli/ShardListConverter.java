package io.margay.app.cli;

import io.margay.flows.shard.ShardList;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads lists of processes that share the flows. */
final class ShardListConverter implements ITypeConverter<ShardList> {
  @Override
  public ShardList convert(String text) {
    try {
      return ShardList.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
