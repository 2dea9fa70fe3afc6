package dev.modelbake.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.store.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  private static List<String> all(Claims claims, long most) {
    List<String> taken = new ArrayList<>();
    for (Optional<Claim> claim = claims.next(most); claim.isPresent(); claim = claims.next(most)) {
      taken.add(claim.get().from() + "-" + claim.get().to());
    }
    return taken;
  }

  @Test
  void theLowestBytesGoFirstAndNoneTwice() {
    Claims claims = new Claims(List.of(new Extent(2, 9), new Extent(20, 22)));
    assertEquals(List.of("2-5", "5-8", "8-9", "20-22"), all(claims, 3));
  }

  @Test
  void whatIsGivenBackIsTakenNext() {
    Claims claims = new Claims(List.of(new Extent(0, 10)));
    Claim first = claims.next(4).orElseThrow();
    first.reach(1);
    claims.giveBack(first);
    Claim whole = claims.next(1).orElseThrow();
    whole.reach(2);
    claims.giveBack(whole);
    assertEquals(List.of("2-4", "4-10"), all(claims, 100));
  }

  @Test
  void aClaimUnderWayCanLeaveItsEndToOthers() {
    Claims claims = new Claims(List.of(new Extent(0, 100)));
    Claim led = claims.next(Long.MAX_VALUE).orElseThrow();
    assertTrue(claims.take(led, new Claim(40, 60)));
    assertEquals(40, led.to());
    assertEquals(List.of("60-100"), all(claims, 1000));
    assertFalse(claims.take(led, new Claim(70, 80)), "it is not the led claim's any more");
  }

  @Test
  void whatAClaimHasReachedIsNotTakenFromIt() {
    Claims claims = new Claims(List.of(new Extent(0, 100)));
    Claim led = claims.next(Long.MAX_VALUE).orElseThrow();
    led.reach(40);
    assertFalse(claims.take(led, new Claim(40, 60)));
    assertEquals(100, led.to());
    assertEquals(List.of(), all(claims, 1000));
  }
}
