package dev.modelbake.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.FaultCase;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  private static Names resolvingTo(String address, String exempt) {
    Dns dns = host -> List.of(InetAddress.getByName(address));
    return new Names(dns, exempt::equals);
  }

  @ParameterizedTest
  @CsvSource({
    "169.254.169.254, true",
    "169.254.0.1, true",
    "fe80::1, true",
    "fd00:ec2::254, true",
    "100.100.100.200, true",
    "192.0.0.192, true",
    "::ffff:169.254.169.254, true",
    "64:ff9b::a9fe:a9fe, true",
    "2002:a9fe:a9fe::1, true",
    "::a9fe:a9fe, true",
    "127.0.0.1, false",
    "10.0.0.1, false",
    "93.184.216.34, false",
    "64:ff9b::5db8:d822, false",
    "2001:db8::1, false"
  })
  void metadataAndLinkLocalAddressesAreRefused(String address, boolean refused) throws Exception {
    assertEquals(refused, Names.isLocalToTheLink(InetAddress.getByName(address)));
  }

  @Test
  void aNameThatLeadsThereIsRefusedUnlessItIsAllowed() throws Exception {
    assertThrows(
        Names.RefusedAddressException.class,
        () -> resolvingTo("169.254.169.254", "other").lookup("rebind.example"));
    assertEquals(1, resolvingTo("169.254.169.254", "meta.example").lookup("meta.example").size());
    assertThrows(
        Names.RefusedAddressException.class,
        () -> resolvingTo("127.0.0.1", "").checkLiteral("169.254.169.254"));
    resolvingTo("127.0.0.1", "169.254.169.254").checkLiteral("169.254.169.254");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2852039166",
        "169.16689662",
        "169.254.43518",
        "0251.0376.0251.0376",
        "127.1",
        "1"
      })
  void anAddressInAFormThatReadersDisagreeOnIsRefused(String host) {
    Names.RefusedAddressException refused =
        assertThrows(
            Names.RefusedAddressException.class,
            () -> resolvingTo("127.0.0.1", "").checkLiteral(host));
    assertTrue(String.valueOf(refused.getMessage()).contains("four decimal numbers"));
  }

  @Test
  @FaultCase(2)
  void whyANameDidNotResolveIsRememberedAsLongAsJavaHidesIt() {
    Queue<String> messages =
        new ArrayDeque<>(
            List.of(
                "a.example: Name or service not known",
                "a.example",
                "a.example: Temporary failure in name resolution",
                "a.example"));
    Names names =
        new Names(
            host -> {
              throw new UnknownHostException(messages.remove());
            },
            host -> false);
    assertThrows(Names.NoSuchNameException.class, () -> names.lookup("a.example"));
    assertThrows(Names.NoSuchNameException.class, () -> names.lookup("a.example"));
    for (int i = 0; i < 2; i++) {
      UnknownHostException e =
          assertThrows(UnknownHostException.class, () -> names.lookup("a.example"));
      assertEquals(UnknownHostException.class, e.getClass());
    }
  }
}
