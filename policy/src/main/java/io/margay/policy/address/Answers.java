package io.margay.policy.address;

import io.margay.model.net.Cidr;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.selector.Selector;
import io.margay.policy.address.AddressSpace.Settlement;
import io.margay.policy.address.PeerItem.NamedPort;
import io.margay.policy.address.Question.BehindService;
import io.margay.policy.address.Question.InNets;
import io.margay.policy.address.Question.OnNode;
import io.margay.policy.address.Question.Selected;
import io.margay.policy.address.Question.ServicePorts;
import io.margay.policy.label.LabelIndex;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the address space answering the questions that rules ask now. Nothing is computed for
 * questions that nobody asks.
 */
public final class Answers {
  private final FactTable facts = new FactTable();
  private final AddressSpace space = new AddressSpace(facts);
  private final LabelIndex<Known> peers = new LabelIndex<>(this::matchChanged);
  private final LabelIndex<Known> nodes = new LabelIndex<>(this::matchChanged);
  private final Map<ResourceKey, Known> known = new HashMap<>();
  private final List<Known> dirty = new ArrayList<>();

  /** New questions about peers: together they are answered in one pass over these. */
  private final Map<Question, Selector> unwatched = new LinkedHashMap<>();

  private final ServiceAnswers services = new ServiceAnswers(facts, space);

  /** Which named ports are asked for among the owners that a selector matches. */
  private final Map<Selector, Map<String, Question.NamedPort>> namedPorts = new HashMap<>();

  /** An item; there may be very many, so it holds no more than it must. */
  private static final class Known {
    private static final Selector[] NONE = {};

    final boolean node;
    List<Cidr> prefixes;
    List<NamedPort> ports;
    List<Cidr> answeredFor = List.of();

    /** Most items match one selector or none. */
    Selector[] matched = NONE;

    /** Whether it is among those that have to be answered for anew. */
    boolean dirty;

    Known(PeerItem item) {
      this.node = item.key().kind() == Kind.NODE;
      this.prefixes = item.prefixes();
      this.ports = item.ports();
    }
  }

  /** Starts to answer a question; as many calls of {@link #forget} end it. */
  public int ask(Question question) {
    int base = facts.acquire(question);
    if (facts.users(question) > 1) {
      return base;
    }
    switch (question) {
      case Selected(Selector selector) -> unwatched.put(question, selector);
      case Question.NamedPort named -> {
        namedPorts.computeIfAbsent(named.owners(), s -> new HashMap<>()).put(named.port(), named);
        unwatched.put(question, named.owners());
      }
      case OnNode(Selector selector) -> {
        nodes.acquire(List.of(selector));
        nodes.matches(selector).forEach(this::touch);
      }
      case InNets(List<Cidr> nets) -> {
        FactSet yes = FactSet.of(IntArrayList.of(base));
        nets.forEach(net -> space.put(net, question, yes));
      }
      case BehindService service -> services.ask(service);
      case ServicePorts service -> services.ask(service);
    }
    return base;
  }

  /** Ends what {@link #ask} began. */
  public void forget(Question question) {
    if (facts.users(question) == 1) {
      switch (question) {
        case Selected(Selector selector) -> unwatch(question, selector);
        case Question.NamedPort named -> {
          Map<String, Question.NamedPort> asked = namedPorts.get(named.owners());
          if (asked != null && asked.remove(named.port()) != null && asked.isEmpty()) {
            namedPorts.remove(named.owners());
          }
          unwatch(question, named.owners());
        }
        case OnNode(Selector selector) -> {
          nodes.matches(selector).forEach(this::touch);
          nodes.release(selector);
        }
        case InNets(List<Cidr> nets) -> nets.forEach(net -> space.remove(net, question));
        case BehindService service -> services.forget(service);
        case ServicePorts service -> services.forget(service);
      }
    }
    facts.release(question);
  }

  /** Adds or changes an endpoint or network set. */
  public void putPeer(PeerItem item) {
    put(item, peers);
  }

  /** Adds or changes a node. */
  public void putNode(PeerItem item) {
    put(item, nodes);
  }

  public void removePeer(ResourceKey key) {
    remove(key, peers);
  }

  public void removeNode(ResourceKey key) {
    remove(key, nodes);
  }

  public void putSlice(EndpointSlice slice) {
    services.put(slice);
  }

  public void removeSlice(ResourceKey key) {
    services.remove(key);
  }

  /** Whether any slice belongs to the service. */
  public boolean knowsService(String namespace, String name) {
    return services.knows(namespace, name);
  }

  /** Brings all classes up to date. */
  public Settlement settle() {
    peers.acquire(unwatched.values());
    // Who already matched for another question's sake was not announced again.
    unwatched.values().forEach(selector -> peers.matches(selector).forEach(this::touch));
    unwatched.clear();
    dirty.forEach(this::answer);
    dirty.clear();
    return space.settle();
  }

  public AddressSpace space() {
    return space;
  }

  public FactTable facts() {
    return facts;
  }

  private void unwatch(Question question, Selector selector) {
    if (unwatched.remove(question) == null) {
      peers.matches(selector).forEach(this::touch);
      peers.release(selector);
    }
  }

  private void matchChanged(Selector selector, Known item, boolean matches) {
    Selector[] before = item.matched;
    if (matches) {
      item.matched = Arrays.copyOf(before, before.length + 1);
      item.matched[before.length] = selector;
    } else {
      item.matched =
          Arrays.stream(before).filter(s -> !s.equals(selector)).toArray(Selector[]::new);
    }
    touch(item);
  }

  private void touch(Known item) {
    if (!item.dirty) {
      item.dirty = true;
      dirty.add(item);
    }
  }

  private void put(PeerItem item, LabelIndex<Known> index) {
    Known now = known.get(item.key());
    if (now == null) {
      now = new Known(item);
      known.put(item.key(), now);
    } else {
      now.prefixes = item.prefixes();
      now.ports = item.ports();
    }
    touch(now);
    index.put(now, item.labels());
  }

  private void remove(ResourceKey key, LabelIndex<Known> index) {
    Known gone = known.remove(key);
    if (gone != null) {
      index.remove(gone);
      touch(gone);
    }
  }

  private void answer(Known item) {
    item.dirty = false;
    FactSet truth = truth(item);
    List<Cidr> prefixes = truth.isEmpty() ? List.of() : item.prefixes;
    if (!item.answeredFor.equals(prefixes)) {
      Set<Cidr> kept = new HashSet<>(prefixes);
      for (Cidr old : item.answeredFor) {
        if (!kept.contains(old)) {
          space.remove(old, item);
        }
      }
    }
    for (Cidr prefix : prefixes) {
      space.put(prefix, item, truth);
    }
    item.answeredFor = prefixes;
  }

  private FactSet truth(Known item) {
    IntArrayList truth = new IntArrayList(2);
    for (Selector selector : item.matched) {
      Question selected = item.node ? new OnNode(selector) : new Selected(selector);
      if (facts.users(selected) > 0) {
        truth.add(facts.base(selected));
      }
      Map<String, Question.NamedPort> asked = item.node ? null : namedPorts.get(selector);
      if (asked != null) {
        for (NamedPort port : item.ports) {
          Question.NamedPort question = asked.get(port.name());
          if (question != null) {
            truth.add(facts.base(question));
            truth.add(facts.portFact(question, port.protocol(), port.port()));
          }
        }
      }
    }
    return FactSet.of(truth);
  }
}
