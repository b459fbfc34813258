import { expect, test } from 'vitest';
import type { Filter } from '../../src/core/vital.js';
import { asides, chooseMounts, isRemote, parseMountinfo } from '../../src/vitals/mounts.js';

/** A server with LVM, snaps, an image, NFS, a disk below /mnt, a stick, and Docker. */
const SERVER = `22 28 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:13 - proc proc rw
23 28 0:22 / /sys rw,nosuid shared:7 - sysfs sysfs rw
26 28 0:24 / /run rw,nosuid,nodev,noexec shared:5 - tmpfs tmpfs rw,size=813732k,mode=755
28 1 253:1 / / rw,relatime shared:1 - ext4 /dev/mapper/ubuntu--vg-root rw,errors=remount-ro
35 28 7:0 / /snap/core20/2015 ro,nodev,relatime shared:29 - squashfs /dev/loop0 ro
40 28 259:2 / /boot rw,relatime shared:40 - ext4 /dev/nvme0n1p2 rw
41 40 259:1 / /boot/efi rw,relatime shared:42 - vfat /dev/nvme0n1p1 rw,fmask=0077
50 28 0:45 / /tmp rw,nosuid,nodev shared:44 - tmpfs tmpfs rw
60 28 0:52 / /srv/my\\040share rw,relatime shared:50 - nfs4 nas:/export/my\\040share rw,vers=4.2
61 28 0:53 / /srv/tab\\011back\\134slash rw,relatime shared:51 - cifs //nas/x rw
70 28 8:17 / /mnt/backup rw,relatime shared:60 - xfs /dev/sdb1 rw
71 26 8:33 / /run/media/ann/STICK rw,nosuid shared:61 - vfat /dev/sdc1 rw
72 28 0:60 / /mnt/scratch rw - tmpfs tmpfs rw
80 28 253:1 /srv/chroot /var/named/chroot/srv rw,relatime shared:1 - ext4 /dev/mapper/ubuntu--vg-root rw
81 28 0:70 / /var/lib/docker/overlay2/abc/merged rw,relatime - overlay overlay rw,lowerdir=/x
82 26 0:4 net:[4026532281] /run/docker/netns/default rw - nsfs nsfs rw
83 28 0:71 / /var/lib/kubelet/pods/1/volumes/kubernetes.io~secret/x rw - tmpfs tmpfs rw
84 28 7:9 / /opt/image ro,relatime - erofs /dev/loop9 ro
`;

const CONTAINER = `500 400 0:90 / / rw,relatime master:70 - overlay overlay rw,lowerdir=/a:/b
501 500 0:91 / /proc rw,nosuid - proc proc rw
502 500 0:92 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k
510 500 254:1 /var/lib/docker/containers/f/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/vda1 rw
511 500 254:1 /var/lib/docker/containers/f/hostname /etc/hostname rw,relatime - ext4 /dev/vda1 rw
512 500 254:1 /var/lib/docker/volumes/db/_data /data rw,relatime - ext4 /dev/vda1 rw
513 500 0:95 / /proc/acpi ro,relatime - tmpfs tmpfs ro
`;

const BTRFS = `30 1 0:28 /@ / rw,noatime shared:1 - btrfs /dev/sda2 rw,subvol=/@
31 30 0:28 /@home /home rw,noatime shared:2 - btrfs /dev/sda2 rw,subvol=/@home
32 30 0:28 /@snapshots /.snapshots rw,noatime shared:3 - btrfs /dev/sda2 rw,subvol=/@snapshots
`;

const chosen = (text: string, filter?: Filter): string[] =>
  chooseMounts(parseMountinfo(text), filter).map(({ mountpoint }) => mountpoint);

const sortOut = (text: string, files: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(
    [
      ...asides(chooseMounts(parseMountinfo(text), undefined), (mount) => files.includes(mount.mountpoint)),
    ].map(([{ mountpoint }, why]) => [mountpoint, why]),
  );

test('reads every column, and unescapes names', () => {
  const share = parseMountinfo(SERVER).find(({ number }) => number === '0:52');
  expect(share).toEqual({
    mountpoint: '/srv/my share',
    device: 'nas:/export/my share',
    fstype: 'nfs4',
    root: '/',
    number: '0:52',
    readonly: false,
  });
  expect(parseMountinfo(SERVER).some(({ mountpoint }) => mountpoint === '/srv/tab\tback\\slash')).toBe(true);
});

test('a mount or its filesystem can be read-only', () => {
  const line = (mount: string, whole: string): string => `1 0 8:1 / /a ${mount} - ext4 /dev/sda1 ${whole}\n`;
  const readonly = (text: string): boolean | undefined => parseMountinfo(text)[0]?.readonly;
  expect(readonly(line('rw,relatime', 'rw,errors=remount-ro'))).toBe(false);
  expect(readonly(line('ro,relatime', 'rw'))).toBe(true);
  expect(readonly(line('rw,relatime', 'ro'))).toBe(true);
});

test('of several mounts in one place the last is seen', () => {
  const text = '1 0 0:1 / / rw - rootfs rootfs rw\n2 1 8:1 / / rw shared:1 master:2 - ext4 /dev/sda1 rw\n';
  expect(parseMountinfo(text).map(({ device }) => device)).toEqual(['/dev/sda1']);
});

test('what is no line of the table is passed over', () => {
  expect(parseMountinfo('')).toEqual([]);
  expect(parseMountinfo('nonsense\n\n1 2 3\n')).toEqual([]);
});

test('collects what node_exporter does, and the disks people mount', () => {
  expect(chosen(SERVER)).toEqual([
    '/',
    '/boot',
    '/boot/efi',
    '/tmp',
    '/srv/my share',
    '/srv/tab\tback\\slash',
    '/mnt/backup',
    '/run/media/ann/STICK',
    '/var/named/chroot/srv',
    '/var/lib/kubelet/pods/1/volumes/kubernetes.io~secret/x',
    '/opt/image',
  ]);
  expect(chosen(CONTAINER)).toEqual(['/', '/etc/resolv.conf', '/etc/hostname', '/data']);
});

test('what is named is there whatever it is; leaving out brings nothing in', () => {
  expect(chosen(SERVER, { except: ['/b*', '/srv/*', '/var/*'] })).toEqual([
    '/',
    '/tmp',
    '/mnt/backup',
    '/run/media/ann/STICK',
    '/opt/image',
  ]);
  expect(chosen(SERVER, { only: ['/snap/*', '/'] })).toEqual(['/', '/snap/core20/2015']);
});

test('one mount stands for a device, and images and containers for none', () => {
  expect(sortOut(SERVER)).toEqual({
    '/var/named/chroot/srv': 'repeat',
    '/var/lib/kubelet/pods/1/volumes/kubernetes.io~secret/x': 'container',
    '/opt/image': 'image',
  });
  expect(sortOut(BTRFS)).toEqual({ '/home': 'repeat', '/.snapshots': 'repeat' });
});

test('in a container the root and its volumes count, and single files do not', () => {
  expect(sortOut(CONTAINER, ['/etc/resolv.conf', '/etc/hostname'])).toEqual({
    '/etc/resolv.conf': 'file',
    '/etc/hostname': 'file',
  });
});

test('the whole filesystem stands for its device, whatever was mounted first', () => {
  const text =
    '1 0 8:1 /part /a rw - ext4 /dev/sda1 rw\n2 0 8:1 / /data/long rw - ext4 /dev/sda1 rw\n3 0 8:1 / /data rw - ext4 /dev/sda1 rw\n';
  expect(sortOut(text)).toEqual({ '/a': 'repeat', '/data/long': 'repeat' });
});

test('a root that is an image cannot fill', () => {
  expect(sortOut('1 0 0:9 / / ro - overlay composefs ro,lowerdir=x\n')).toEqual({ '/': 'image' });
});

test('knows which types can hang', () => {
  for (const type of ['nfs', 'nfs4', 'cifs', 'smb3', 'fuse.sshfs', 'fuse', '9p', 'ceph', 'glusterfs', 'afs'])
    expect(isRemote(type), type).toBe(true);
  for (const type of ['ext4', 'xfs', 'btrfs', 'zfs', 'tmpfs', 'vfat', 'fuseblk', 'overlay', 'fusectl'])
    expect(isRemote(type), type).toBe(false);
});
