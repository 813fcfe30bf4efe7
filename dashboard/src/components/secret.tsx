import { CopyButton } from './blocks';
import { Button } from './ui/button';
import { Note } from './ui/small';

interface Props {
  text: string;
  /** The words of the button that closes it: nobody should close it by chance. */
  done: string;
  onDone: () => void;
  children: React.ReactNode;
}

/** Something that is shown this once: to be copied before it is closed. */
export function Secret({ text, done, onDone, children }: Props) {
  return (
    <>
      <div className="flex flex-col gap-3">
        <Note tone="warn">{children}</Note>
        <div className="flex items-center gap-2 rounded-lg border bg-sunken p-2 pl-3">
          <code className="shrinkable grow font-mono text-sm break-all">{text}</code>
          <CopyButton text={text}>Copy</CopyButton>
        </div>
      </div>
      <div className="mt-5 flex justify-end">
        <Button variant="primary" onClick={onDone}>
          {done}
        </Button>
      </div>
    </>
  );
}
