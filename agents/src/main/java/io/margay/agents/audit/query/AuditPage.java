package io.margay.agents.audit.query;

import io.margay.agents.audit.AuditRecord;
import java.util.List;
import java.util.OptionalLong;

/**
 * Records that were found, newest first.
 *
 * @param before for the next page; empty if there is none
 */
public record AuditPage(List<AuditRecord> records, OptionalLong before) {
  public AuditPage {
    records = List.copyOf(records);
  }
}
