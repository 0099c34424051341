package io.margay.model.resource;

import io.margay.model.net.Cidr;
import java.util.List;

/** Addresses that are never given automatically. */
public record IpReservation(ObjectMeta metadata, List<Cidr> reserved) implements AddressResource {
  public IpReservation {
    reserved = List.copyOf(reserved);
  }

  @Override
  public Kind kind() {
    return Kind.IP_RESERVATION;
  }
}
