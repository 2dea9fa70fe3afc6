package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RoutesTest {
  private static final String HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\n";
  private static final String LOOPBACK6 =
      "00000000000000000000000000000001 80 00000000000000000000000000000000 00 "
          + "00000000000000000000000000000000 00000000 00000002 00000000 80200001       lo\n";
  private static final String SNMP =
      "Ip: Forwarding DefaultTTL OutDiscards OutNoRoutes ReasmTimeout\nIp: 1 64 0 7 0\nIcmp: A\n";

  private static Routes routes(String route, String route6, String snmp, String snmp6) {
    return Routes.of(new Routes.Texts(route, route6, snmp, snmp6, "00..01 lo"), Routes.State.UP);
  }

  @Test
  void aLoopbackThatIsDownMakesTheCountWorthless() {
    Routes.Texts texts = new Routes.Texts(HEAD, LOOPBACK6, SNMP, "", "");
    Routes up = Routes.of(texts, Routes.State.UP);
    assertTrue(up.prove());
    assertTrue(up.says().contains("IPv6 is off here"), up.says());
    Routes down = Routes.of(texts, Routes.State.DOWN);
    assertFalse(down.prove() || down.lead());
    assertTrue(down.remedy().orElseThrow().contains("ip link set lo up"), down::toString);
    assertTrue(up.remedy().isEmpty());
  }

  @Test
  void aKernelThatDoesNotCountProvesNothing() {
    Routes routes = routes(HEAD, LOOPBACK6, "Ip: A\nIp: 1\n", "");
    assertFalse(routes.prove());
    assertTrue(routes.says().contains("does not count"), routes.says());
  }

  @Test
  void aTableWithLoopbackAloneLeadsNowhere() {
    Routes routes = routes(HEAD, LOOPBACK6, SNMP, "Ip6OutNoRoutes                  \t3\n");
    assertFalse(routes.lead());
    assertEquals(OptionalLong.of(10), routes.refused());
  }

  @Test
  void aRouteOfEitherFamilyLeadsOut() {
    Routes four = routes(HEAD + "eth0\t00000000\t010200C0\t0003\t0\t0\t0\n", "", SNMP, "");
    assertTrue(four.lead());
    assertEquals(List.of("eth0"), four.interfaces());
    Routes six = routes(HEAD, LOOPBACK6.replace(" lo", " wlan0"), SNMP, "");
    assertEquals(List.of("wlan0"), six.interfaces());
  }

  @Test
  void aKernelWithoutTheCounterCountsNothing() {
    assertEquals(OptionalLong.empty(), routes(HEAD, "", "Ip: A\nIp: 1\n", "").refused());
    assertEquals(OptionalLong.empty(), routes(HEAD, "", "", "").refused());
  }
}
