package io.margay.policy.address;

import io.margay.model.net.IpAddress;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.address.Question.BehindService;
import io.margay.policy.address.Question.ServicePorts;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Answers questions about services from their endpoint slices. As in Calico, readiness does not
 * matter, ports without a number are passed over, and so are slices that hold names.
 */
final class ServiceAnswers {
  private final FactTable facts;
  private final AddressSpace space;
  private final Map<Service, Map<ResourceKey, EndpointSlice>> slices = new HashMap<>();
  private final Map<ResourceKey, Service> owners = new HashMap<>();
  private final Map<Service, Set<Question>> asked = new HashMap<>();
  private final Map<Question, Map<IpAddress, FactSet>> answered = new HashMap<>();

  private record Service(String namespace, String name) {}

  ServiceAnswers(FactTable facts, AddressSpace space) {
    this.facts = facts;
    this.space = space;
  }

  boolean knows(String namespace, String name) {
    return slices.containsKey(new Service(namespace, name));
  }

  void ask(BehindService question) {
    ask(question, new Service(question.namespace(), question.name()));
  }

  void ask(ServicePorts question) {
    ask(question, new Service(question.namespace(), question.name()));
  }

  void forget(BehindService question) {
    forget(question, new Service(question.namespace(), question.name()));
  }

  void forget(ServicePorts question) {
    forget(question, new Service(question.namespace(), question.name()));
  }

  private void ask(Question question, Service service) {
    asked.computeIfAbsent(service, s -> new HashSet<>()).add(question);
    answered.put(question, Map.of());
    answer(question, service);
  }

  private void forget(Question question, Service service) {
    Set<Question> questions = asked.get(service);
    if (questions != null && questions.remove(question) && questions.isEmpty()) {
      asked.remove(service);
    }
    Map<IpAddress, FactSet> gone = Objects.requireNonNull(answered.remove(question));
    gone.keySet().forEach(address -> space.remove(address.toCidr(), question));
  }

  void put(EndpointSlice slice) {
    remove(slice.key());
    if (slice.serviceName().isEmpty()) {
      return;
    }
    Service service = new Service(slice.metadata().namespace(), slice.serviceName());
    owners.put(slice.key(), service);
    slices.computeIfAbsent(service, s -> new TreeMap<>()).put(slice.key(), slice);
    answerAll(service);
  }

  void remove(ResourceKey key) {
    Service service = owners.remove(key);
    if (service == null) {
      return;
    }
    Map<ResourceKey, EndpointSlice> rest = slices.get(service);
    if (rest != null && rest.remove(key) != null && rest.isEmpty()) {
      slices.remove(service);
    }
    answerAll(service);
  }

  private void answerAll(Service service) {
    for (Question question : asked.getOrDefault(service, Set.of())) {
      answer(question, service);
    }
  }

  private void answer(Question question, Service service) {
    Map<IpAddress, IntArrayList> found = new HashMap<>();
    for (EndpointSlice slice : slices.getOrDefault(service, Map.of()).values()) {
      if (slice.addressType().equals("FQDN")) {
        continue;
      }
      for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
        IntArrayList truth = truth(question, slice);
        if (!truth.isEmpty()) {
          for (IpAddress address : addresses(endpoint)) {
            found.computeIfAbsent(address, a -> new IntArrayList()).addAll(truth);
          }
        }
      }
    }
    Map<IpAddress, FactSet> now = new HashMap<>();
    found.forEach((address, truth) -> now.put(address, FactSet.of(truth)));
    Map<IpAddress, FactSet> before = Objects.requireNonNull(answered.put(question, now));
    for (IpAddress address : before.keySet()) {
      if (!now.containsKey(address)) {
        space.remove(address.toCidr(), question);
      }
    }
    now.forEach((address, truth) -> space.put(address.toCidr(), question, truth));
  }

  /** Text that is no address belongs to nobody who could be asked about. */
  private static List<IpAddress> addresses(EndpointSlice.Endpoint endpoint) {
    List<IpAddress> addresses = new ArrayList<>();
    for (String text : endpoint.addresses()) {
      try {
        addresses.add(IpAddress.parse(text));
      } catch (IllegalArgumentException e) {
        continue;
      }
    }
    return addresses;
  }

  private IntArrayList truth(Question question, EndpointSlice slice) {
    IntArrayList truth = new IntArrayList();
    if (question instanceof BehindService) {
      truth.add(facts.base(question));
      return truth;
    }
    for (EndpointSlice.EndpointPort port : slice.ports()) {
      if (port.port() != null) {
        truth.add(facts.base(question));
        truth.add(facts.portFact(question, port.protocol(), port.port()));
      }
    }
    return truth;
  }
}
