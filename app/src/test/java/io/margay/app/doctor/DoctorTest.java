package io.margay.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.app.lab.NeedsNamespaces;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DoctorTest {
  @Test
  void whatIsLackingComesWithACommandThatMendsIt() {
    assertThat(Doctor.examine())
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.fix().isEmpty()).isEqualTo(finding.there()))
        .allSatisfy(finding -> assertThat(finding.detail()).isNotBlank());
  }

  @NeedsNamespaces
  @Nested
  class WithNamespaces {
    @Test
    void findsWhatTheLabUses() {
      assertThat(Doctor.examine())
          .filteredOn(Finding::there)
          .extracting(Finding::what)
          .contains("network namespaces", "veth interfaces", "settings of a namespace");
    }
  }
}
