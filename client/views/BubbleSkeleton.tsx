// The bubbles of a conversation that will be there soon, in grey.

export function BubbleSkeleton({ label }: { label: string }) {
  return (
    <div class="skeleton-bubbles" role="status">
      <span class="unseen">{label}</span>
      {[0, 1, 2, 3, 4].map((n) => <span class="skeleton skeleton-bubble" key={n} aria-hidden="true" />)}
    </div>
  );
}
